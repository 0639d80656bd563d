-- Why: back to pay that nothing reduces.
DROP TABLE pay_deductions;
DROP FUNCTION forbid_deduction_without_fault();
