"""The words for codes that letters print, in the official languages: reviewed constants, not interface strings.

A letter is a document in law. Its words must not change because somebody translates a button anew, so nothing here
goes through gettext. The categories follow FAQ answer 5 of the study, in the words that registries use for their own
records; they name no authority, no service and no study, because the same words go to whoever holds the data.
A change here is a change of every letter: raise the version of the templates with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Term(NamedTuple):
    """A category of data: its short name, and what exactly is asked for."""

    name: str
    what: str


_FI: Final = {
    "background": Term(
        "Perus- ja taustatiedot",
        "asiakasrekistereihin tallennetut tiedot, kuten ikä, sukupuoli, siviilisääty, perhesuhteet ja perheen "
        "lasten lukumäärä",
    ),
    "education": Term(
        "Opiskelu",
        "opiskelijarekisterin tiedot: haku, opiskeluoikeudet, suoritukset, arvioinnit, todistukset ja "
        "henkilökohtaiset suunnitelmat",
    ),
    "labour_training": Term(
        "Työvoimakoulutus",
        "yleinen ja ammatillinen työvoimakoulutus: haku, valinta, alkamis- ja päättymispäivät, suoritukset ja "
        "keskeytykset",
    ),
    "income": Term(
        "Tulot", "palkat, eläkkeet, etuudet ja muut tulot sekä niiden maksajat, maksuajat ja määrät"
    ),
    "tax": Term(
        "Verotus", "veroilmoitukset, verotuspäätökset, ennakonpidätykset sekä maksetut ja palautetut verot"
    ),
    "benefits": Term(
        "Etuudet",
        "hakemukset liitteineen, päätökset perusteluineen, maksut, takaisinperintä ja asiointimerkinnät",
    ),
    "employment": Term(
        "Työllisyyspalvelut ja työttömyys",
        "asiakkuuden alku, työnhaku- ja työttömyysjaksot, suunnitelmat, työkokeilut, harjoittelut ja muut palvelut, "
        "lausunnot, työhistoria, työnantajat ja työkykyä koskevat tiedot",
    ),
    "basic_assistance": Term(
        "Perustoimeentulotuki", "hakemukset liitteineen, laskelmat, päätökset, maksut ja asiakaskirjaukset"
    ),
    "discretionary_assistance": Term(
        "Täydentävä ja ehkäisevä toimeentulotuki",
        "hakemukset liitteineen, päätökset, maksut ja asiakaskirjaukset",
    ),
    "rehabilitation": Term(
        "Kuntoutus",
        "hakemukset, suunnitelmat ja lausunnot, päätökset sekä toteutuneet kuntoutuspalvelut ja maksetut etuudet",
    ),
    "medicine": Term(
        "Lääkkeiden erityiskorvaukset",
        "korvausoikeudet ja niiden perusteet, lausunnot, päätökset ja maksetut korvaukset",
    ),
    "residence": Term(
        "Oleskelulupa ja oleskeluoikeus",
        "hakemukset, lupien ja rekisteröintien perusteet, päätökset ja voimassaoloajat",
    ),
    "skills_centre": Term(
        "Osaamiskeskuksen asiakkuus",
        "asiakkuuden alku ja päättyminen, osaamiskartoitukset, suunnitelmat ja palvelut sekä motivaatiota, "
        "perhesuhteita ja sosiaalisia verkostoja koskevat kirjaukset",
    ),
    "social_health": Term(
        "Sosiaali- ja terveyspalvelut",
        "käynnit ja niiden ajankohdat, diagnoosit sekä palveluja koskevat päätökset",
    ),
    "research": Term(
        "Tutkimuskäyttö",
        "tutkimusta varten luovutetut, vastaanotetut tai yhdistetyt tiedot, myös pseudonymisoidut",
    ),
}

_SV: Final = {
    "background": Term(
        "Bas- och bakgrundsuppgifter",
        "uppgifter i klient- och kundregistren, såsom ålder, kön, civilstånd, familjeförhållanden och antalet barn "
        "i familjen",
    ),
    "education": Term(
        "Studier",
        "uppgifter i studeranderegistret: ansökan, studierätter, prestationer, bedömningar, betyg och personliga "
        "planer",
    ),
    "labour_training": Term(
        "Arbetskraftsutbildning",
        "allmän och yrkesinriktad arbetskraftsutbildning: ansökan, antagning, start- och slutdatum, prestationer "
        "och avbrott",
    ),
    "income": Term(
        "Inkomster",
        "löner, pensioner, förmåner och andra inkomster samt betalare, betalningstider och belopp",
    ),
    "tax": Term(
        "Beskattning",
        "skattedeklarationer, beskattningsbeslut, förskottsinnehållning samt betald och återbetald skatt",
    ),
    "benefits": Term(
        "Förmåner",
        "ansökningar med bilagor, beslut med motivering, utbetalningar, återkrav och ärendeanteckningar",
    ),
    "employment": Term(
        "Sysselsättningstjänster och arbetslöshet",
        "när kundrelationen började, perioder av jobbsökning och arbetslöshet, planer, arbetsprövning, praktik och "
        "andra tjänster, utlåtanden, arbetshistoria, arbetsgivare och uppgifter om arbetsförmåga",
    ),
    "basic_assistance": Term(
        "Grundläggande utkomststöd",
        "ansökningar med bilagor, kalkyler, beslut, utbetalningar och klientanteckningar",
    ),
    "discretionary_assistance": Term(
        "Kompletterande och förebyggande utkomststöd",
        "ansökningar med bilagor, beslut, utbetalningar och klientanteckningar",
    ),
    "rehabilitation": Term(
        "Rehabilitering",
        "ansökningar, planer och utlåtanden, beslut samt genomförda rehabiliteringstjänster och utbetalda förmåner",
    ),
    "medicine": Term(
        "Specialersättning för läkemedel",
        "ersättningsrättigheter och grunderna för dem, utlåtanden, beslut och utbetalda ersättningar",
    ),
    "residence": Term(
        "Uppehållstillstånd och uppehållsrätt",
        "ansökningar, grunderna för tillstånd och registreringar, beslut och giltighetstider",
    ),
    "skills_centre": Term(
        "Klientrelationen vid kunskapscentrumet",
        "när klientrelationen började och upphörde, kartläggningar av kunnande, planer och tjänster samt "
        "anteckningar om motivation, familjeförhållanden och sociala nätverk",
    ),
    "social_health": Term(
        "Social- och hälsovårdstjänster", "besök och tidpunkterna för dem, diagnoser samt beslut om tjänster"
    ),
    "research": Term(
        "Användning för forskning",
        "uppgifter som har lämnats ut, tagits emot eller kopplats samman för forskning, även pseudonymiserade",
    ),
}

CATEGORIES: Final[Mapping[str, Mapping[str, Term]]] = MappingProxyType({"fi": _FI, "sv": _SV})
"""Official language → category key → its term."""

REGISTRY: Final[Mapping[str, str]] = MappingProxyType({"fi": "Kirjaamo", "sv": "Registratorskontoret"})
"""The registry, to which a letter goes, as the second line of an address."""

WITH_REGISTRY: Final = frozenset({"dvv", "espoo", "keha", "kela", "luvn", "migri", "omnia", "vero"})
"""The holders of whose registry facts/holders.md speaks; the others are addressed by their name alone."""

DESK: Final[Mapping[str, str]] = MappingProxyType(
    {"fi": "Tietonin palvelupiste", "sv": "Tietonis servicepunkt"}
)
"""How a letter names the study's service desk. Its own name tells of the study; a letter passed on must not."""

NOT_UNDER_OPENNESS_ACT: Final = frozenset({"desk", "vtt"})
"""Holders to which the Openness Act and the Administrative Procedure Act do not apply as they do to authorities."""

OMBUDSMAN: Final = "ombudsman"
"""Key of the supervisory authority in the register of holders."""

KEEP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fi": "Kopio henkilölle itselleen. Tämä ei ole pyyntö, eikä tätä lähetetä viranomaiselle.",
        "sv": "Kopia till personen själv. Detta är inte en begäran och skickas inte till myndigheten.",
    }
)
"""What an official reads on a reading copy that went astray."""

SIGNATURE_FIELD: Final[Mapping[str, str]] = MappingProxyType(
    {"fi": "Sähköinen allekirjoitus", "sv": "Elektronisk underskrift"}
)
"""What a screen reader says of the empty field for an electronic signature."""

SEAL_REASON: Final[Mapping[str, str]] = MappingProxyType(
    {"fi": "Tietoni-palvelun sähköinen leima", "sv": "Tjänsten Tietonis elektroniska stämpel"}
)
"""What a PDF reader shows as the reason of the portal's seal."""
