"""Which countries a text speaks of, to decide whose fixed phrases apply.

Names, adjectives and Chinese one-character short forms (中俄, 俄方). China is left out: every
dispatch here is about China and someone.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from toolkit.languages import module

# code: Chinese names, the character of 中X and X方, Russian stems, English names and adjectives.
# "^" ends a Russian word that is whole, "_" joins two words.
_TABLE: dict[str, tuple[str, str, str, str]] = {
    "RU": ("俄罗斯 俄联邦", "俄", "росси российск рф^ кремл", "russia russian kremlin"),
    "US": ("美国", "美", "сша^ соединенн_штат американск", "u.s usa american united_states"),
    "JP": ("日本", "日", "япони японск", "japan japanese"),
    "KR": ("韩国", "韩", "южнокорейск республик_коре", "south_korea south_korean rok"),
    "KP": ("朝鲜民主主义 朝鲜", "朝", "кндр^ северокорейск", "dprk north_korea north_korean"),
    "VN": ("越南", "越", "вьетнам", "vietnam vietnamese viet_nam"),
    "LA": ("老挝", "老", "лаос", "laos lao laotian"),
    "KH": ("柬埔寨", "柬", "камбодж", "cambodia cambodian"),
    "MM": ("缅甸", "缅", "мьянм", "myanmar"),
    "TH": ("泰国", "泰", "таиланд тайск", "thailand thai"),
    "MY": ("马来西亚", "马", "малайзи", "malaysia malaysian"),
    "SG": ("新加坡", "", "сингапур", "singapore singaporean"),
    "ID": ("印度尼西亚 印尼", "", "индонези", "indonesia indonesian"),
    "IN": ("印度", "印", "инди^ индии^ индию^ индией^ индия^ индийск", "india indian"),
    "PH": ("菲律宾", "菲", "филиппин", "philippines philippine"),
    "BN": ("文莱", "", "брунеи бруней брунея", "brunei"),
    "MN": ("蒙古国 蒙古", "蒙", "монголи монгольск", "mongolia mongolian"),
    "KZ": ("哈萨克斯坦", "哈", "казахстан", "kazakhstan kazakh"),
    "UZ": ("乌兹别克斯坦", "乌", "узбекистан узбекск", "uzbekistan uzbek"),
    "KG": ("吉尔吉斯斯坦", "吉", "кыргызстан киргизи кыргызск киргизск", "kyrgyzstan kyrgyz"),
    "TJ": ("塔吉克斯坦", "塔", "таджикистан таджикск", "tajikistan tajik"),
    "TM": ("土库曼斯坦", "", "туркменистан туркмени туркменск", "turkmenistan turkmen"),
    "BY": ("白俄罗斯 白罗斯", "白", "беларус белорус", "belarus belarusian"),
    "UA": ("乌克兰", "", "украин", "ukraine ukrainian"),
    "MD": ("摩尔多瓦", "", "молдав молдов", "moldova moldovan"),
    "AM": ("亚美尼亚", "", "армени армянск", "armenia armenian"),
    "AZ": ("阿塞拜疆", "", "азербайджан", "azerbaijan azerbaijani"),
    "GE": ("格鲁吉亚", "", "грузи^ грузия^ грузии^ грузию^ грузией^ грузинск", "georgian"),
    "PK": ("巴基斯坦", "巴", "пакистан", "pakistan pakistani"),
    "AF": ("阿富汗", "", "афганистан афганск", "afghanistan afghan"),
    "NP": ("尼泊尔", "尼", "непал", "nepal nepalese nepali"),
    "LK": ("斯里兰卡", "", "шри_ланк шриланкийск", "sri_lanka sri_lankan"),
    "BD": ("孟加拉国", "孟", "бангладеш", "bangladesh bangladeshi"),
    "MV": ("马尔代夫", "", "мальдив", "maldives maldivian"),
    "IR": ("伊朗", "伊", "иран^ ирана^ ирану^ иране^ ираном^ иранск", "iran iranian"),
    "IQ": ("伊拉克", "", "ирак^ ирака^ ираку^ ираке^ ираком^ иракск", "iraq iraqi"),
    "SA": ("沙特阿拉伯 沙特", "沙", "саудовск", "saudi"),
    "AE": ("阿联酋", "", "оаэ^ эмират", "uae emirates emirati"),
    "QA": ("卡塔尔", "卡", "катар", "qatar qatari"),
    "KW": ("科威特", "", "кувейт", "kuwait kuwaiti"),
    "IL": ("以色列", "", "израил", "israel israeli"),
    "PS": ("巴勒斯坦", "", "палестин", "palestine palestinian"),
    "SY": ("叙利亚", "叙", "сири^ сирия^ сирии^ сирию^ сирией^ сирийск", "syria syrian"),
    "TR": ("土耳其", "土", "турци турецк", "turkey turkiye türkiye turkish"),
    "EG": ("埃及", "埃", "египет египт египетск", "egypt egyptian"),
    "DZ": ("阿尔及利亚", "", "алжир", "algeria algerian"),
    "ZA": ("南非", "", "юар^ южноафриканск", "south_africa south_african"),
    "ET": ("埃塞俄比亚", "", "эфиоп", "ethiopia ethiopian"),
    "NG": ("尼日利亚", "", "нигери", "nigeria nigerian"),
    "KE": ("肯尼亚", "", "кени^ кения^ кении^ кению^ кенией^ кенийск", "kenya kenyan"),
    "AFRICA": ("非洲", "非", "африк африканск", "africa african"),
    "GB": ("英国", "英", "великобритан британск", "uk u.k britain british united_kingdom"),
    "FR": ("法国", "法", "франци французск", "france french"),
    "DE": ("德国", "德", "германи германск немецк", "germany german"),
    "IT": ("意大利", "意", "итали итальянск", "italy italian"),
    "ES": ("西班牙", "西", "испани испанск", "spain spanish"),
    "PT": ("葡萄牙", "葡", "португал", "portugal portuguese"),
    "GR": ("希腊", "希", "греци греческ", "greece greek hellenic"),
    "HU": ("匈牙利", "匈", "венгри венгерск", "hungary hungarian"),
    "PL": ("波兰", "波", "польш польск", "poland polish"),
    "CZ": ("捷克", "捷", "чехи^ чехия^ чехии^ чехию^ чехией^ чешск", "czech czechia"),
    "SK": ("斯洛伐克", "", "словаки словацк", "slovakia slovak"),
    "RO": ("罗马尼亚", "", "румыни румынск", "romania romanian"),
    "BG": ("保加利亚", "", "болгари болгарск", "bulgaria bulgarian"),
    "RS": ("塞尔维亚", "塞", "серби сербск", "serbia serbian"),
    "FI": ("芬兰", "芬", "финлянди финск", "finland finnish"),
    "SE": ("瑞典", "", "швеци шведск", "sweden swedish"),
    "NO": ("挪威", "", "норвеги норвежск", "norway norwegian"),
    "CH": ("瑞士", "瑞", "швейцар", "switzerland swiss"),
    "AT": ("奥地利", "奥", "австри австрийск", "austria austrian"),
    "EU": ("欧盟", "欧", "евросоюз европейск_союз ес^", "eu european_union"),
    "AU": ("澳大利亚", "澳", "австрали", "australia australian"),
    "NZ": ("新西兰", "", "новозеландск нов_зеланди", "new_zealand"),
    "CA": ("加拿大", "加", "канад", "canada canadian"),
    "MX": ("墨西哥", "墨", "мексик", "mexico mexican"),
    "BR": ("巴西", "", "бразили", "brazil brazilian"),
    "AR": ("阿根廷", "阿", "аргентин", "argentina argentine"),
    "CL": ("智利", "智", "чили^ чилийск", "chile chilean"),
    "PE": ("秘鲁", "秘", "перу^ перуанск", "peru peruvian"),
    "CU": ("古巴", "古", "куба^ кубы^ кубе^ кубу^ кубой^ кубинск", "cuba cuban"),
    "NL": ("荷兰", "荷", "нидерланд голландск", "netherlands dutch"),
    "VE": ("委内瑞拉", "委", "венесуэл", "venezuela venezuelan"),
    "NI": ("尼加拉瓜", "", "никарагуа^ никарагуанск", "nicaragua nicaraguan"),
    "AO": ("安哥拉", "", "ангол", "angola angolan"),
}

CODES = frozenset(_TABLE)

# Capitals that stand for their governments: «Москва и Тегеран договорились».
_CAPITALS = {
    "zh": {
        "莫斯科": "RU", "德黑兰": "IR", "平壤": "KP", "河内": "VN", "明斯克": "BY",
        "阿斯塔纳": "KZ", "塔什干": "UZ", "新德里": "IN", "安卡拉": "TR", "华盛顿": "US",
        "加拉加斯": "VE", "哈瓦那": "CU", "伊斯兰堡": "PK", "巴库": "AZ", "埃里温": "AM",
        "贝尔格莱德": "RS", "布达佩斯": "HU", "利雅得": "SA", "开罗": "EG", "大马士革": "SY",
    },
    "ru": {
        "москв": "RU", "тегеран": "IR", "пхеньян": "KP", "ханой": "VN", "ханоя": "VN",
        "ханою": "VN", "минск": "BY", "астан": "KZ", "ташкент": "UZ", "дели": "IN",
        "анкар": "TR", "вашингтон": "US", "каракас": "VE", "гаван": "CU", "исламабад": "PK",
        "баку": "AZ", "ереван": "AM", "белград": "RS", "будапешт": "HU", "эр-рияд": "SA",
        "каир": "EG", "дамаск": "SY",
    },
    "en": {
        "moscow": "RU", "tehran": "IR", "pyongyang": "KP", "hanoi": "VN", "minsk": "BY",
        "astana": "KZ", "tashkent": "UZ", "new delhi": "IN", "ankara": "TR", "washington": "US",
        "caracas": "VE", "havana": "CU", "islamabad": "PK", "baku": "AZ", "yerevan": "AM",
        "belgrade": "RS", "budapest": "HU", "riyadh": "SA", "cairo": "EG", "damascus": "SY",
    },
}  # fmt: skip
_CAPITAL = {
    lang: re.compile(("" if lang == "zh" else r"\b") + f"(?:{'|'.join(table)})")
    for lang, table in _CAPITALS.items()
}

# X方 that are words of their own or read as another word: 古方, 西方, 马方.
_NO_SIDE = set("老马古希意西加智委阿孟葡沙波")
# 中X that are words of their own: 中意, 中西, 中古, 中智.
_NO_PAIR = set("意西古智")
# What turns 中俄 or 俄方 back into another word: 中日韩 is fine, 中美洲 and 俄方案 are not.
_AFTER_PAIR = set("国年社网洲")
_AFTER_SIDE = set("案向法式便面针位程")
_WORD = re.compile(r"\w+(?:\.\w+)*")


def mentions(text: str, lang: str) -> list[tuple[int, str]]:
    """Return (offset, country code) of each mention in ``text``, in order; China is left out."""
    folded = module(lang).normalise(text)
    found = _chinese(folded.text) if lang == "zh" else _spaced(folded.text, lang)
    return [(folded.span(start, end)[0], code) for start, end, code in found]


def capitals(text: str, lang: str) -> set[str]:
    """Return the countries whose capitals a text names, Beijing left out."""
    found = _CAPITAL[lang].findall(text if lang == "zh" else text.lower())
    return {_CAPITALS[lang][name] for name in found}


def nearest(places: Sequence[tuple[int, str]], offset: int) -> set[str]:
    """Return the countries of the mentions closest to ``offset``, usually one.

    ``places`` are in order, as `mentions` gives them.
    """
    after = bisect_left(places, (offset, ""))
    around = places[max(0, after - 1) : after + 1]
    distance = min((abs(place - offset) for place, _ in around), default=0)
    return {code for place, code in around if abs(place - offset) == distance}


def counterpart(places: list[tuple[int, str]]) -> str | None:
    """Return the country most often mentioned, or None; the first in the alphabet of a tie."""
    counts = Counter(code for _, code in places)
    return min(counts, key=lambda code: (-counts[code], code)) if counts else None


def _chinese(text: str) -> Iterator[tuple[int, int, str]]:
    names, pairs, sides, longest = _chinese_table()
    here = 0
    while here < len(text):
        for size in range(min(longest, len(text) - here), 1, -1):
            code = names.get(text[here : here + size])
            if code:
                yield here, here + size, code
                here += size
                break
        else:
            letter = text[here]
            before, after = text[here - 1 : here], text[here + 1 : here + 2]
            third = text[here + 2 : here + 3]
            if before == "中" and letter in pairs and after not in _AFTER_PAIR:
                yield here, here + 1, pairs[letter]
            elif after == "中" and letter in pairs and third in _LINKED:
                yield here, here + 1, pairs[letter]
            elif after == "方" and letter in sides and third not in _AFTER_SIDE:
                yield here, here + 1, sides[letter]
            here += 1


# What may follow X中 when it is a pair of countries: 俄中关系, 俄中双方, 俄中两国, 俄中、俄中总理.
_LINKED = set("关两双总元新全战合政经人友睦边投能首东建各")


@cache
def _chinese_table() -> tuple[dict[str, str], dict[str, str], dict[str, str], int]:
    names = {name: code for code, row in _TABLE.items() for name in row[0].split()}
    short = {row[1]: code for code, row in _TABLE.items() if row[1]}
    pairs = {letter: code for letter, code in short.items() if letter not in _NO_PAIR}
    sides = {letter: code for letter, code in short.items() if letter not in _NO_SIDE}
    return names, pairs, sides, max(map(len, names))


def _spaced(text: str, lang: str) -> Iterator[tuple[int, int, str]]:
    whole, stems = _russian_table() if lang == "ru" else (_english_table(), {})
    last = ""
    for match in _WORD.finditer(text):
        word = match.group()
        code = whole.get(word) or whole.get(f"{last} {word}")
        if code is None:
            for first, stem, candidate in stems.get(word[:2], ()):
                if word.startswith(stem) and last.startswith(first):
                    code = candidate
                    break
        if code:
            yield match.start(), match.end(), code
        last = word


@cache
def _english_table() -> dict[str, str]:
    return {
        name.replace("_", " "): code for code, row in _TABLE.items() for name in row[3].split()
    }


@cache
def _russian_table() -> tuple[dict[str, str], dict[str, list[tuple[str, str, str]]]]:
    whole: dict[str, str] = {}
    stems: dict[str, list[tuple[str, str, str]]] = {}
    for code, row in _TABLE.items():
        for entry in row[2].split():
            if entry.endswith("^") and "_" not in entry:
                whole[entry[:-1]] = code
                continue
            first, _, stem = entry.rstrip("^").rpartition("_")
            stems.setdefault(stem[:2], []).append((first, stem, code))
    return whole, stems
