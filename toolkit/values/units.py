"""Currencies and measures: how each language names them, and how a dispatch writes them."""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Unit:
    """A currency or measure.

    ``zh``, ``en``, ``ru`` are written forms; English is (singular, plural), Russian is (one, two,
    five and after млн): the same thrice for abbreviations. ``find`` are patterns by language that
    follow the number, ``before`` those that stand in front. Full-width letters and ё are folded.
    """

    code: str
    kind: str
    zh: str
    en: tuple[str, str]
    ru: tuple[str, str, str]
    find: dict[str, str]
    before: str = ""


def _same(form: str) -> tuple[str, str, str]:
    return form, form, form


_END_RU = r"(?!\w)"
UNITS = (
    Unit(
        "USD", "money", "美元", ("U.S. dollar", "U.S. dollars"), _same("долл. США"),
        {
            "zh": r"美元|美金",
            "en": r"(?:U\.?\s?S\.?|American)[ -]dollars?\b|dollars?\b(?! store)|USD\b",
            "ru": r"(?:долл(?:\.|ар(?:а|ов|ы|у|ам|ами|ах|ом|е)?)(?!\w)(?!\sГонк)(?:\sСША(?!\w))?)"
            r"|USD\b|\$",
        },
        before=r"(?:U\.?S\.?\s?)?\$|USD",
    ),
    Unit(
        "CNY", "money", "元", ("yuan", "yuan"), ("юань", "юаня", "юаней"),
        {
            "zh": r"元人民币|人民币元?|[元圆](?![首旦素帅老件宵勋年月日])",
            "en": r"(?:Chinese )?yuan\b(?: RMB)?|renminbi\b|RMB\b|CNY\b",
            "ru": r"(?:китайск(?:их|ого|ими|им)\s)?юан(?:ь|я|ей|и|ю|ям|ями|ях|ем|е)(?!\w)",
        },
        before=r"RMB|CNY|人民币|¥|￥",
    ),
    Unit(
        "RUB", "money", "卢布", ("ruble", "rubles"), ("рубль", "рубля", "рублей"),
        {
            "zh": r"卢布",
            "en": r"(?:Russian )?ro?ubles?\b|RUB\b",
            "ru": r"(?:российск(?:их|ого|ими)\s)?(?:руб\.|рубл(?:ь|я|ей|и|ю|ям|ями|ях|ем|е)(?!\w))"
            r"|₽",
        },
        before=r"RUB|₽",
    ),
    Unit(
        "EUR", "money", "欧元", ("euro", "euros"), _same("евро"),
        {"zh": r"欧元", "en": r"euros?\b|EUR\b", "ru": r"евро(?!\w)|€"}, before=r"EUR|€",
    ),
    Unit(
        "GBP", "money", "英镑", ("British pound", "British pounds"),
        ("фунт стерлингов", "фунта стерлингов", "фунтов стерлингов"),
        {
            "zh": r"英镑",
            "en": r"(?:British )?pounds? sterling\b|British pounds?\b|GBP\b",
            "ru": r"фунт(?:а|ов|ы|у|ам|ами|ах)?\sстерлингов(?!\w)",
        },
        before=r"GBP|£",
    ),
    Unit(
        "JPY", "money", "日元", ("Japanese yen", "Japanese yen"), ("иена", "иены", "иен"),
        {
            "zh": r"日元|日圆",
            "en": r"(?:Japanese )?yen\b",
            "ru": r"(?:японск(?:их|ой)\s)?и?ен(?:а|ы|у)?(?!\w)",
        },
    ),
    Unit(
        "HKD", "money", "港元", ("Hong Kong dollar", "Hong Kong dollars"),
        ("гонконгский доллар", "гонконгских доллара", "гонконгских долларов"),
        {
            "zh": r"港元|港币",
            "en": r"(?:Hong Kong|HK)[ -]dollars?\b|HKD\b",
            "ru": r"гонконгск(?:их|ого|ий)\sдоллар(?:ов|а)?(?!\w)|долл\.\sГонконга",
        },
        before=r"HK\$|HKD",
    ),
    Unit(
        "KZT", "money", "坚戈", ("tenge", "tenge"), _same("тенге"),
        {"zh": r"坚戈", "en": r"(?:Kazakh )?tenge\b", "ru": r"тенге(?!\w)"},
    ),
    Unit(
        "km2", "quantity", "平方公里", ("square kilometer", "square kilometers"), _same("кв. км"),
        {
            "zh": r"平方(?:公里|千米)",
            "en": r"(?:square|sq\.?)[ -](?:kilomet(?:er|re)s?|km)\b",
            "ru": r"кв\.?\s?(?:км|километр(?:ов|а)?)(?!\w)"
            r"|квадратн(?:ых|ого|ый|ыми)\sкилометр(?:ов|а|ами)?(?!\w)",
        },
    ),
    Unit(
        "m2", "quantity", "平方米", ("square meter", "square meters"), _same("кв. м"),
        {
            "zh": r"平方米",
            "en": r"(?:square|sq\.?)[ -](?:met(?:er|re)s?|m)\b",
            "ru": r"кв\.?\s?м(?:етр(?:ов|а)?)?(?!\w)"
            r"|квадратн(?:ых|ого|ый|ыми)\sметр(?:ов|а|ами)?(?!\w)",
        },
    ),
    Unit(
        "m3", "quantity", "立方米", ("cubic meter", "cubic meters"), _same("куб. м"),
        {
            "zh": r"立方米|方(?=天然气)",
            "en": r"cubic[ -]met(?:er|re)s?\b|cu\.? m\b",
            "ru": r"куб(?:\.|ометр(?:ов|а)?(?!\w))(?:\s?м(?:етров)?(?!\w))?"
            r"|кубическ(?:их|ого|ий)\sметр(?:ов|а)?(?!\w)",
        },
    ),
    Unit(
        "km", "quantity", "公里", ("kilometer", "kilometers"), _same("км"),
        {
            "zh": r"公里|千米",
            "en": r"kilomet(?:er|re)s?\b|km\b",
            "ru": r"км(?!\w)|километр(?:ов|а|ы|у|ам|ами|ах)?(?!\w)",
        },
    ),
    Unit(
        "m", "quantity", "米", ("meter", "meters"), _same("м"),
        {
            "zh": r"米(?![粒饭粉面价兰])",
            "en": r"met(?:er|re)s?\b",
            "ru": r"м(?![\w.²³-])|метр(?:ов|а|ы)?(?!\w)",
        },
    ),
    Unit(
        "kg", "quantity", "公斤", ("kilogram", "kilograms"), _same("кг"),
        {
            "zh": r"公斤|千克",
            "en": r"kilograms?\b|kg\b",
            "ru": r"кг(?!\w)|килограмм(?:ов|а)?(?!\w)",
        },
    ),
    Unit(
        "jin", "quantity", "斤", ("jin", "jin"), ("цзинь", "цзиня", "цзиней"),
        {"zh": r"斤", "en": r"(?:jin|catt(?:y|ies))\b", "ru": r"цзин(?:ь|я|ей)(?!\w)"},
    ),
    Unit(
        "t", "quantity", "吨", ("ton", "tons"), ("тонна", "тонны", "тонн"),
        {
            "zh": r"吨(?![位级])|公吨",
            "en": r"(?:metric )?(?:tons|tonnes|tonne|ton)\b",
            "ru": r"т(?![\w-])(?!\.\s?[едпкнч]\.)|тонн(?:а|ы|у|е|ам|ами|ах|ой)?(?!\w)",
        },
    ),
    Unit(
        "ha", "quantity", "公顷", ("hectare", "hectares"), _same("га"),
        {"zh": r"公顷", "en": r"hectares?\b|ha\b", "ru": r"га(?!\w)|гектар(?:ов|а)?(?!\w)"},
    ),
    Unit(
        "mu", "quantity", "亩", ("mu", "mu"), _same("му"),
        {"zh": r"亩", "en": r"mu\b", "ru": r"(?<=\s)му(?!\w)"},
    ),
    Unit(
        "bbl", "quantity", "桶", ("barrel", "barrels"), ("баррель", "барреля", "баррелей"),
        {"zh": r"桶", "en": r"barrels?\b", "ru": r"баррел(?:ь|я|ей|и)(?!\w)|барр\."},
    ),
    Unit(
        "kWh", "quantity", "千瓦时", ("kilowatt-hour", "kilowatt-hours"), _same("кВт·ч"),
        {
            "zh": r"千瓦时|度电",
            "en": r"kilowatt[ -]hours?\b|kWh\b",
            "ru": r"кВт[·.*\s-]?ч(?!\w)|киловатт-час(?:ов|а)?(?!\w)",
        },
    ),
    Unit(
        "kW", "quantity", "千瓦", ("kilowatt", "kilowatts"), _same("кВт"),
        {
            "zh": r"千瓦(?!时)",
            "en": r"kilowatts?(?![ -]hour)\b|kW\b",
            "ru": r"кВт(?![\w·*-])|киловатт(?!\w|-)",
        },
    ),
    Unit(
        "MW", "quantity", "兆瓦", ("megawatt", "megawatts"), _same("МВт"),
        {"zh": r"兆瓦(?!时)", "en": r"megawatts?(?![ -]hour)\b|MW\b", "ru": r"МВт(?![\w·*-])"},
    ),
    Unit(
        "TEU", "quantity", "标准箱", ("TEUs", "TEUs"), _same("ДФЭ"),
        {"zh": r"标准?箱", "en": r"TEUs?\b", "ru": r"ДФЭ(?!\w)|TEU\b"},
    ),
)  # fmt: skip
BY_CODE = {unit.code: unit for unit in UNITS}


@cache
def after(lang: str) -> re.Pattern[str]:
    """Return the pattern of a unit that follows its number; its last group is the unit's place."""
    alternatives = "|".join(
        f"(?P<{unit.code}>{unit.find[lang]})" for unit in UNITS if unit.find.get(lang)
    )
    gap = r"[\s-]?" if lang == "en" else r"\s?"
    return re.compile(f"{gap}(?:{alternatives})", re.IGNORECASE if lang == "ru" else 0)


@cache
def before() -> re.Pattern[str]:
    """Return the pattern of a currency that stands in front of its number."""
    alternatives = "|".join(f"(?P<{u.code}>{u.before})" for u in UNITS if u.before)
    return re.compile(rf"(?:{alternatives})\s?$")


def unit_of(match: re.Match[str]) -> Unit:
    """Return the unit whose alternative matched."""
    return BY_CODE[match.lastgroup or ""]
