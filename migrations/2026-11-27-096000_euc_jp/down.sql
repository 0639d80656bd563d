ALTER TABLE imports DROP CONSTRAINT imports_encoding_check;
ALTER TABLE imports ADD CONSTRAINT imports_encoding_check
    CHECK (encoding IN ('utf-8', 'utf-8-bom', 'cp932', 'utf-16le', 'utf-16be', 'xlsx'));
