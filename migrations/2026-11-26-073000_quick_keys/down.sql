-- Why: back to the functions as they were, which give the same keys.

CREATE OR REPLACE FUNCTION without_legal_form(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN COALESCE(NULLIF(regexp_replace(regexp_replace($1,
        '^(?:特定非営利活動法人|かぶしきがいしゃ|かぶしきかいしゃ|ごうどうがいしゃ|ごうどうかいしゃ|ゆうげんがいしゃ|ゆうげんかいしゃ|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|株式会社|有限会社|合同会社|合名会社|合資会社|医療法人|学校法人|宗教法人|社団法人|財団法人|npo法人)+', ''),
        '(?:特定非営利活動法人|かぶしきがいしゃ|かぶしきかいしゃ|ごうどうがいしゃ|ごうどうかいしゃ|ゆうげんがいしゃ|ゆうげんかいしゃ|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|株式会社|有限会社|合同会社|合名会社|合資会社|医療法人|学校法人|宗教法人|社団法人|財団法人|npo法人)+$', ''), ''), $1);

CREATE OR REPLACE FUNCTION name_key_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN without_legal_form(regexp_replace(
        translate(search_key_of($1),
            '髙﨑𠮷澤邊邉齋齊廣國學會櫻濱濵瀧龍嶋嶌眞惠德榮條壽豐實黑靑冨峯曾鐵藏團區縣驛圓醫藥寶來樂戶萬與關渕桒礒埜槇彌穗祿晉聰靜淺舘ぁぃぅぇぉっゃゅょゎゕゖ',
            '高崎吉沢辺辺斎斉広国学会桜浜浜滝竜島島真恵徳栄条寿豊実黒青富峰曽鉄蔵団区県駅円医薬宝来楽戸万与関淵桑磯野槙弥穂禄晋聡静浅館あいうえおつやゆよわかけ'),
        '[-‐–—―−・.,、。''’&()「」/*ー]', '', 'g'));

CREATE OR REPLACE FUNCTION gojuon_key_of(text) RETURNS text
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
