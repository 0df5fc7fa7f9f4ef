"""The rules of working time in France, as they were read in 2026: every value to be verified.

Values and articles come from secondary pages and dated versions of the Code du travail, not from a
consolidated text of the day: whoever shows them says so. Shipped data: a change of the law is
another file beside this one, with another date; this one stays as it is.
"""

from datetime import date

from coopshare.kernel.text import marked
from coopshare.pooled_staff.rules.ruleset import Level, Rule, RuleSet

BLOCKS, WARNS = Level.BLOCKS, Level.WARNS

RULES = (
    Rule(
        id="day_max",
        value=600,
        article="L3121-18",
        level=BLOCKS,
        agreement_max=720,
        agreement="L3121-19",
        sentence=marked(
            "{person} travaillerait {done} le {day} ; le maximum est de {limit} par jour."
        ),
    ),
    Rule(
        id="week_max",
        value=2880,
        article="L3121-20",
        level=BLOCKS,
        sentence=marked("{person} : {done} sur la semaine du {day} ; le maximum est de {limit}."),
    ),
    Rule(
        id="avg12_max",
        value=2640,
        article="L3121-22",
        level=BLOCKS,
        agreement_max=2760,
        agreement="L3121-23",
        sentence=marked(
            "{person} : moyenne de {done} par semaine, tous emplois compris, sur les 12 semaines"
            " qui finissent par celle du {day} ; le maximum est de {limit}."
        ),
    ),
    Rule(
        id="break_min",
        value=20,
        article="L3121-16",
        level=BLOCKS,
        agreement_min=20,
        agreement="L3121-17",
        sentence=marked(
            "{person} travaillerait {worked} le {day} sans pause d'au moins {limit} d'affilée."
        ),
    ),
    Rule(
        id="daily_rest",
        value=660,
        article="L3131-1",
        level=BLOCKS,
        agreement_min=540,
        agreement="L3131-2",
        sentence=marked(
            "{person} n'aurait que {done} de repos d'affilée après avoir commencé le {day} ;"
            " il en faut {limit} dans les 24 heures."
        ),
    ),
    Rule(
        id="day_span",
        value=780,
        article="L3131-1",
        level=BLOCKS,
        agreement_max=900,
        agreement="L3131-2",
        sentence=marked(
            "La journée de {person} s'étalerait sur {done} le {day} ; c'est {limit} au plus."
        ),
    ),
    Rule(
        id="week_days",
        value=6,
        article="L3132-1",
        level=BLOCKS,
        sentence=marked(
            "{person} travaillerait {done} jours la semaine du {day} ; c'est {limit} au plus."
        ),
    ),
    Rule(
        id="weekly_rest",
        value=2100,
        article="L3132-2",
        level=BLOCKS,
        agreement_min=1980,
        agreement="L3131-2",
        sentence=marked(
            "{person} n'aurait que {done} de repos d'affilée la semaine du {day} ; il en faut"
            " {limit}."
        ),
    ),
    Rule(
        id="sunday",
        value=0,
        article="L3132-3",
        level=BLOCKS,
        sentence=marked(
            "{person} travaillerait {done} le {day} : le repos de la semaine est donné le dimanche."
        ),
    ),
    Rule(
        id="holiday_may1",
        value=0,
        article="L3133-4",
        level=BLOCKS,
        sentence=marked("{person} travaillerait {done} le {day} : le 1er mai n'est pas travaillé."),
    ),
    Rule(
        id="holiday",
        value=0,
        article="L3133-1",
        level=BLOCKS,
        sentence=marked(
            "{person} travaillerait {done} le {day}, férié et chômé dans la structure qui emploie."
        ),
    ),
    Rule(
        id="legal_week",
        value=2100,
        article="L3121-27",
        level=WARNS,
        sentence=marked(
            "{person} : {done} la semaine du {day} ; au-delà de {limit}, ce sont des heures"
            " supplémentaires."
        ),
    ),
    Rule(
        id="cumul",
        value=2880,
        article="L8261-1",
        level=BLOCKS,
        sentence=marked(
            "Avec son autre emploi, {person} travaillerait {done} la semaine du {day} ; le maximum,"
            " tous emplois compris, est de {limit}."
        ),
    ),
    Rule(
        id="pt_extra",
        value=1000,
        article="L3123-28",
        level=BLOCKS,
        agreement_max=3333,
        agreement="L3123-20",
        sentence=marked(
            "{person} ferait {done} d'heures complémentaires la semaine du {day} ; c'est {limit} au"
            " plus."
        ),
    ),
    Rule(
        id="pt_below_full",
        value=2100,
        article="L3123-9",
        level=BLOCKS,
        sentence=marked(
            "Les heures complémentaires porteraient {person} à un temps plein ({done}) la semaine"
            " du {day} ; il faut rester en dessous de {limit}."
        ),
    ),
    Rule(
        id="pt_gap",
        value=120,
        article="L3123-30",
        level=BLOCKS,
        agreement_max=780,
        sentence=marked(
            "{person} aurait {count} coupure(s) le {day}, la plus longue de {done} ; une seule, de"
            " {limit} au plus."
        ),
    ),
    Rule(
        id="notice_full",
        value=7,
        article="L3121-47",
        level=BLOCKS,
        agreement_min=1,
        agreement="L3121-44",
        sentence=marked(
            "{person} : le changement du {day} serait annoncé {done} jour(s) entier(s) à l'avance ;"
            " il en faut {limit}, week-ends compris."
        ),
    ),
    Rule(
        id="notice_full_d",
        value=7,
        article="D3121-27",
        level=BLOCKS,
        sentence=marked(
            "{person} : le changement du {day} serait annoncé {done} jour(s) ouvré(s) entier(s) à"
            " l'avance ; il en faut {limit}."
        ),
    ),
    Rule(
        id="pt_notice",
        value=7,
        article="L3123-31",
        level=BLOCKS,
        agreement_min=3,
        agreement="L3123-24",
        sentence=marked(
            "{person} : le changement du {day} serait annoncé {done} jour(s) ouvré(s) entier(s) à"
            " l'avance ; il en faut {limit}, ou son accord exprès."
        ),
    ),
    Rule(
        id="listed_user",
        value=0,
        article="L1253-9",
        level=BLOCKS,
        sentence=marked(
            "Le contrat de {person} ne nomme pas l'organisation où ce travail est prévu le {day} :"
            " un avenant est nécessaire d'abord."
        ),
    ),
    Rule(
        id="listed_place",
        value=0,
        article="L1253-9",
        level=BLOCKS,
        sentence=marked(
            "Le contrat de {person} ne nomme pas le lieu où ce travail est prévu le {day} : un"
            " avenant est nécessaire d'abord."
        ),
    ),
    Rule(
        id="minor",
        value=18,
        article="",
        level=BLOCKS,
        sentence=marked(
            "{person} n'a pas {limit} ans le {day} : des limites plus basses s'appliquent, que ce"
            " planning ne vérifie pas. Établissez ses horaires à la main."
        ),
    ),
)

FRANCE_2026 = RuleSet(
    name="france-2026-01", valid_from=date(2026, 1, 1), rules={rule.id: rule for rule in RULES}
)
