-- Why: numbers, codes and sites are found and compared however they are written, lists stand in the order of a Japanese telephone book, and two names that look alike are found through an index.

SET LOCAL lock_timeout = '2s';

-- kernel::reach and kernel::likeness once more, because the keys are generated columns: no writer can forget or mistake
-- them. The test `the_database_folds_names_as_the_program_does` holds the two together.

CREATE FUNCTION phone_key_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT CASE
                WHEN NOT cut.is_international THEN cut.digits
                WHEN cut.digits LIKE '81%' THEN '0' || regexp_replace(substr(cut.digits, 3), '^0', '')
                ELSE '+' || cut.digits
            END || CASE WHEN cut.extension <> '' THEN 'x' || cut.extension ELSE '' END
        FROM (SELECT regexp_replace(split.own, '[^0-9]', '', 'g') AS digits,
                regexp_replace(substr(split.folded, length(split.own) + 1), '[^0-9]', '', 'g') AS extension,
                split.own ~ '^[\s(]*[+]' AS is_international
            FROM (SELECT typed.folded, regexp_replace(typed.folded, '(?:内線|ext|x|#).*$', '') AS own
                FROM (SELECT lower(normalize($1, NFKC)) AS folded) typed) split) cut;
    END;

CREATE FUNCTION postal_key_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(normalize($1, NFKC), '[^0-9]', '', 'g');

CREATE FUNCTION site_key_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        btrim(lower(normalize($1, NFKC))),
        '^.*?://', ''), '[/?#].*$', ''), '^.*@', ''), ':.*$', ''), '[.]+$', ''), '^www[.]', '');

CREATE FUNCTION without_legal_form(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN COALESCE(NULLIF(regexp_replace(regexp_replace($1,
        '^(?:特定非営利活動法人|かぶしきがいしゃ|かぶしきかいしゃ|ごうどうがいしゃ|ごうどうかいしゃ|ゆうげんがいしゃ|ゆうげんかいしゃ|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|株式会社|有限会社|合同会社|合名会社|合資会社|医療法人|学校法人|宗教法人|社団法人|財団法人|npo法人)+', ''),
        '(?:特定非営利活動法人|かぶしきがいしゃ|かぶしきかいしゃ|ごうどうがいしゃ|ごうどうかいしゃ|ゆうげんがいしゃ|ゆうげんかいしゃ|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|株式会社|有限会社|合同会社|合名会社|合資会社|医療法人|学校法人|宗教法人|社団法人|財団法人|npo法人)+$', ''), ''), $1);

CREATE FUNCTION name_key_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN without_legal_form(regexp_replace(
        translate(search_key_of($1),
            '髙﨑𠮷澤邊邉齋齊廣國學會櫻濱濵瀧龍嶋嶌眞惠德榮條壽豐實黑靑冨峯曾鐵藏團區縣驛圓醫藥寶來樂戶萬與關渕桒礒埜槇彌穗祿晉聰靜淺舘ぁぃぅぇぉっゃゅょゎゕゖ',
            '高崎吉沢辺辺斎斉広国学会桜浜浜滝竜島島真恵徳栄条寿豊実黒青富峰曽鉄蔵団区県駅円医薬宝来楽戸万与関淵桑磯野槙弥穂禄晋聡静浅館あいうえおつやゆよわかけ'),
        '[-‐–—―−・.,、。''’&()「」/*ー]', '', 'g'));

CREATE FUNCTION gojuon_key_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(folded.base,
                '(?<=[あかさたなはまやらわ]ー*)ー', 'あ', 'g'),
                '(?<=[いきしちにひみりゐ]ー*)ー', 'い', 'g'),
                '(?<=[うくすつぬふむゆる]ー*)ー', 'う', 'g'),
                '(?<=[えけせてねへめれゑ]ー*)ー', 'え', 'g'),
                '(?<=[おこそとのほもよろを]ー*)ー', 'お', 'g')
            || ' ' || replace(folded.bare, 'ー', '-')
        FROM (SELECT named.bare, translate(named.bare,
                'ぁぃぅぇぉっゃゅょゎゕゖがぎぐげござじずぜぞだぢづでどばぱびぴぶぷべぺぼぽゔ',
                'あいうえおつやゆよわかけかきくけこさしすせそたちつてとははひひふふへへほほう') AS base
            FROM (SELECT without_legal_form(
                    regexp_replace(search_key_of($1), '[-‐–—―−・.,、。''’&()「」/*]', '', 'g')) AS bare) named) folded;
    END;

REVOKE ALL ON FUNCTION phone_key_of(text), postal_key_of(text), site_key_of(text), without_legal_form(text), name_key_of(text),
    gojuon_key_of(text) FROM PUBLIC;
-- Whoever writes a row writes its keys.
GRANT EXECUTE ON FUNCTION phone_key_of(text), postal_key_of(text), site_key_of(text), without_legal_form(text),
    name_key_of(text), gojuon_key_of(text) TO yui_app;

ALTER TABLE companies DROP COLUMN kana_key, DROP COLUMN search_key, DROP COLUMN grams;
ALTER TABLE companies
    ADD COLUMN kana_key text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (gojuon_key_of(CASE WHEN furigana = '' THEN name ELSE furigana END)) STORED,
    ADD COLUMN name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (name_key_of(name)) STORED,
    ADD COLUMN phone_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (phone_key_of(phone)) STORED,
    ADD COLUMN site_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (site_key_of(website)) STORED,
    ADD COLUMN search_key text NOT NULL GENERATED ALWAYS AS (search_key_of(name || ' ' || furigana || ' '
        || COALESCE(corporate_number, '') || ' ' || phone_key_of(phone) || ' ' || postal_key_of(postal_code) || ' '
        || site_key_of(website))) STORED,
    ADD COLUMN grams text[] NOT NULL GENERATED ALWAYS AS (search_grams_of(name || ' ' || furigana || ' '
        || COALESCE(corporate_number, '') || ' ' || phone_key_of(phone) || ' ' || postal_key_of(postal_code) || ' '
        || site_key_of(website))) STORED;
CREATE INDEX companies_by_kana ON companies (organization_id, kana_key, id);
CREATE INDEX companies_by_name ON companies (organization_id, name_key, id);
CREATE INDEX companies_by_phone ON companies (organization_id, phone_key, id);
CREATE INDEX companies_by_site ON companies (organization_id, site_key, id);
CREATE INDEX companies_grams ON companies USING gin (grams);

-- Family name first: おか ゆみ stands before おかだ あい.
ALTER TABLE contacts
    ADD COLUMN kana_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
        gojuon_key_of(CASE WHEN family_kana = '' THEN family_name ELSE family_kana END) || ' '
        || gojuon_key_of(CASE WHEN family_kana = '' THEN given_name ELSE given_kana END)) STORED,
    ADD COLUMN name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (name_key_of(family_name || ' ' || given_name)) STORED,
    ADD COLUMN phone_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (phone_key_of(phone)) STORED,
    ADD COLUMN email_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(COALESCE(email, ''))) STORED,
    ADD COLUMN email_domain text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(split_part(COALESCE(email, ''), '@', 2))) STORED;
CREATE INDEX contacts_by_kana ON contacts (organization_id, kana_key, id);
CREATE INDEX contacts_by_name ON contacts (organization_id, company_id, name_key, id);
CREATE INDEX contacts_by_phone ON contacts (organization_id, phone_key, id);
CREATE INDEX contacts_by_email ON contacts (organization_id, email_key, id);
CREATE INDEX contacts_by_domain ON contacts (organization_id, email_domain, company_id);

DROP FUNCTION search_contact_ids(text[], text, integer);
DROP INDEX contacts_grams;
CREATE INDEX contacts_grams ON contacts USING gin (search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key));
CREATE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization()
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) LIKE $2 ORDER BY kana_key, id LIMIT $3$$;
REVOKE ALL ON FUNCTION search_contact_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_contact_ids(text[], text, integer) TO yui_app;

-- The register stands in the same order; its importer writes the key itself.
UPDATE registry_companies SET kana_key = gojuon_key_of(CASE WHEN furigana = '' THEN name ELSE furigana END);
