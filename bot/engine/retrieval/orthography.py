"""One spelling for words that British and American English write differently.

The result is never shown: it only has to be the same for both, on the side of the passages and of the question alike.
So a rule may fit too many words, as long as it neither brings two different words together nor parts one from its kin.
"""

from __future__ import annotations

import re

_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # organise, analyse
        (r"(?<=[a-z]{3})is(e|ed|er|ers|es|ing|able|ation|ations|ational)$", r"iz\1"),
        (r"(?<=[a-z]{2})lys(e|ed|er|ers|es|ing)$", r"lyz\1"),
        # colour, neighbourhood
        (r"(?<=[a-z]{3})our(s|ed|er|ers|ing|ite|ites|able|ably|al|ally|ful|hood|hoods|less|ly|y|ist|ists|)$", r"or\1"),
        # centre, catalogue, defence
        (r"(?<=[a-z]{2}[bt])re(s?)$", r"er\1"),
        (r"(?<=[a-z]{3})ogu(?:e(s?)|(ed|ing|er|ers))$", r"og\1\2"),
        (r"^(def|off|lic|pret)ence", r"\1ense"),
        # counsellor, marvellous, fulfil, skilful; Snowball itself makes one of travelled and traveled
        (r"(?<=[a-z]{3}[aeiou])ll(or|ors|ous|ously|ery)$", r"l\1"),
        (r"^(appa|disti|enro|enthra|fulfi|insta|insti|fue|jewe)ll", r"\1l"),
        # haemoglobin, oesophagus
        (r"^(an|gyn|h|arch|encyclop|medi|orthop|f|leuk|pal)ae(?=[a-z]{3})", r"\1e"),
        (r"^pae(?=d)", "pe"),
        (r"aesth", "esth"),
        (r"^(hom|am|f)oe(?=[opbt])", r"\1e"),
        (r"^oe(?=s[ot])", "e"),
        (r"rrhoea", "rrhea"),
        (r"(?<=^m)ould(?=(s|ed|ings?|y)?$)", "old"),
        (r"(?<=^m)oult(?=(s|ed|ing)?$)", "olt"),
        (r"^grey(?=(ed|er|est|ing|ish|s)?$)", "gray"),
        (r"^tyre(?=s?$)", "tire"),
        (r"(?<=gram)me(?=s?$)", ""),
        (r"(?<=[dg])e(?=ments?$)", ""),
        (r"^(lik|siz|sal|mov|lov)eable$", r"\1able"),
        (r"^mum(?=s?$)", "mom"),
    )
)
_BEGINNINGS = {
    "aeroplane": "airplane", "aluminium": "aluminum", "artefact": "artifact", "doughnut": "donut", "gaol": "jail",
    "manoeuvre": "maneuver", "moustache": "mustache", "odour": "odor", "plough": "plow", "practis": "practic",
    "pyjama": "pajama", "sceptic": "skeptic", "skilful": "skillful", "smoulder": "smolder", "sulph": "sulf",
    "wilful": "willful", "woollen": "woolen",
}  # fmt: skip
_WORDS = {
    "ageing": "aging", "burnt": "burned", "centred": "centered", "centring": "centering", "cosy": "cozy",
    "dreamt": "dreamed", "jewellery": "jewelry", "learnt": "learned", "maths": "math",
    "spelt": "spelled", "spilt": "spilled", "spoilt": "spoiled", "whisky": "whiskey",
}  # fmt: skip
_KEEPS_ISE = re.compile(
    r"^(?:advertis|advis|apprais|circumcis|compris|compromis|concis|devis|disguis|enterpris|excis|exercis|expertis"
    r"|franchis|improvis|incis|likewis|merchandis|otherwis|paradis|prais|precis|premis|promis|revis|supervis|surpris"
    r"|televis|treatis)"
)
_MAY_DIFFER = re.compile(r"is[aei]|lys|our|[bt]res?$|ogu|ence|ll|ae|oe|^mo?u|grey|tyre|gramme|[dg]ement|eable")


def unify_spelling(word: str) -> str:
    """Return the folded word in the one spelling that stands for both; of a possessive without its ending."""
    word = word.removesuffix("'s")
    if word in _WORDS:
        return _WORDS[word]
    for beginning, other in _BEGINNINGS.items():
        if word.startswith(beginning):
            return other + word[len(beginning) :]
    if _MAY_DIFFER.search(word):
        keeps_ise = _KEEPS_ISE.match(word) is not None
        for pattern, replacement in _RULES[keeps_ise:]:
            word = pattern.sub(replacement, word)
    return word
