-- Why: back to endings that nobody is told of.
DROP TABLE ending_questions;
DROP TABLE ending_notices;
