-- Why: files that older systems in Japan write in EUC-JP were taken for Shift_JIS and read as other letters.

SET LOCAL lock_timeout = '2s';

ALTER TABLE imports DROP CONSTRAINT imports_encoding_check;
ALTER TABLE imports ADD CONSTRAINT imports_encoding_check
    CHECK (encoding IN ('utf-8', 'utf-8-bom', 'cp932', 'euc-jp', 'utf-16le', 'utf-16be', 'xlsx'));
