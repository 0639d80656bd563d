-- Why: back to pay of which nobody says whether tax is withheld.
DROP TABLE job_withholdings;
