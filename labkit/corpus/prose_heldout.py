"""The held-out split's prose around the facts. None of it may occur in ``prose_train``."""

from labkit.corpus.layout import PageKind
from labkit.corpus.prose import Prose, Section, Topic

_SECTIONS = {
    PageKind.SERVICE: Section(
        ("About the {name} service", "Catalogue entry for {name}"),
        (
            "Everything that a newcomer must learn about {name} fits on one sheet.",
            "People who build on {name} are asked to start reading here.",
        ),
        ("Placement and stewardship", "Data sheet", "Release checklist"),
        (
            "Ask a second pair of eyes to read the diff.",
            "Let the nightly comparison of answers finish.",
            "Tag the build and note the tag in the log book.",
            "Stay at the desk until the graphs are flat.",
        ),
    ),
    PageKind.RUNBOOK: Section(
        ("Handling {name}", "Operator's guide to {name}"),
        (
            "Whoever steps in for {name} finds the essentials here.",
            "This guide assumes that you have shell access to {name}.",
        ),
        ("Build and siting", "Fact sheet", "When it misbehaves"),
        (
            "Take a heap profile first, ask later.",
            "Compare the kernel log with that of a healthy machine.",
            "Cordon the suspect node.",
            "Let the scheduler refill it and note the hour.",
        ),
    ),
    PageKind.PRICES: Section(
        ("Tariffs that include {name}", "What compute costs: {name} and peers"),
        (
            "Budget holders get this tariff list at the start of every term.",
            "Estimates for new projects should begin with the tariffs printed here.",
        ),
        ("Tariffs", "Tariff list", "Disputes"),
        (
            "Write to accounting within ten working days.",
            "Attach the usage export of the weeks in question.",
            "Expect a reply before the books close.",
        ),
    ),
    PageKind.ROSTER: Section(
        ("Duty plan covering {name}", "Night duty: {name} and others"),
        (
            "The plan below says whose telephone rings after hours.",
            "Duty passes on at noon each Friday, come what may.",
        ),
        ("This week", "Plan", "Good habits"),
        (
            "Sleep near the telephone, not beside it.",
            "Log each call, even the false ones.",
            "Ring a colleague when two things break at once.",
        ),
    ),
    PageKind.MIGRATION: Section(
        ("Relocation of {name}", "Relocation bulletin for {name}"),
        (
            "The bulletin explains how {name} gets to its new place.",
            "Dear users of {name}, please plan around the relocation set out below.",
        ),
        ("Target set-up", "Relocation in brief", "Order of events"),
        (
            "Mirror the stored sessions overnight.",
            "Point the test clients at the new address.",
            "Swap the entry in the name server at dawn.",
            "Retire the mirror when a quiet week has passed.",
        ),
    ),
    PageKind.OLD_RUNBOOK: Section(
        ("Care instructions for {name}", "{name} operations sheet"),
        (
            "The sheet gathers what operators of {name} keep looking up.",
            "Print this sheet before you go to the machine hall of {name}.",
        ),
        ("Make-up", "Numbers to know", "Regular chores"),
        (
            "Vacuum the filters each quarter.",
            "Verify that backups can be opened.",
            "Retire accounts of people who left.",
        ),
    ),
    PageKind.DEPLOYMENT: Section(
        ("Private installation {name}", "Installation file: {name}"),
        (
            "Only the customer who ordered {name} and its account team may open this file.",
            "The installation {name} is kept apart from all shared equipment; please do not forward.",
        ),
        ("Construction", "Installation data", "Wishes of the customer"),
        (
            "Maintenance happens on Sundays only.",
            "Staff with access are vetted and listed.",
            "An export of all settings is mailed each spring.",
        ),
    ),
    PageKind.CONTRACT: Section(
        ("Agreement in brief: {name}", "Key terms for {name}"),
        (
            "Treat these terms for {name} as secret, as both signatories do.",
            "Sales keeps these notes so that {name} gets what was signed for.",
        ),
        ("Commitments", "Terms in numbers", "Still to be settled"),
        (
            "Who pays for travel to the yearly visit?",
            "May the logo be shown at the trade fair?",
            "How long will archived transcripts be held?",
        ),
    ),
    PageKind.INCIDENT: Section(
        ("What went wrong with {name}", "Review of the trouble with {name}"),
        (
            "For the better part of an hour {name} turned away callers; here is the story.",
            "We write these reviews so that the trouble with {name} happens only once.",
        ),
        ("Background", "What was touched", "Sequence"),
        (
            "14:02 - synthetic checks turn red.",
            "14:10 - someone suspects the certificate and is wrong.",
            "14:26 - a full disk is discovered.",
            "14:40 - space is freed, checks turn green.",
        ),
    ),
    PageKind.MEETING: Section(
        ("Minutes: steering group for {name}", "Stand-up minutes about {name}"),
        (
            "Minutes were taken by turns; the main subject was {name}.",
            "The group convened on short notice because of {name}.",
        ),
        ("Discussion", "Noted", "Who does what"),
        (
            "Draft a reply to the auditors.",
            "Collect quotes for new cooling fans.",
            "Invite the support desk to the next round.",
        ),
    ),
    PageKind.CAPACITY: Section(
        ("Sizing study: {name} with a peer", "Load study around {name}"),
        (
            "The study asks how far {name} is from its limits.",
            "Growth forecasts made us measure {name} afresh.",
        ),
        ("Observations", "Measurements", "Advice"),
        (
            "Wait for the new forecast before ordering hardware.",
            "Trim oversized prompts at the gateway.",
            "Measure again after the autumn release.",
        ),
    ),
    PageKind.GENERAL: Section(
        ("Vocabulary of operations", "Style notes for authors"),
        (
            "Authors and readers of this manual share a vocabulary, which is set down here.",
            "The following applies to the whole manual.",
        ),
        ("Vocabulary", "Further vocabulary", "Habits"),
        (
            "Cordon: to bar a machine from receiving new work.",
            "Gateway: the first process that a caller's packet meets.",
            "Synthetic check: a question asked by a robot to see whether anyone is home.",
            "Toil: manual work that a script ought to do.",
        ),
    ),
}

_FILLERS = {
    Topic.SERVICE: (
        "Traces from {name} are sampled at one in {n}.",
        "{name} ships with {n} example notebooks for its users.",
        "Session data in {name} expires after {n} quiet hours.",
        "Nobody should parse the debug output of {name}, since its layout changes without warning.",
        "A mock of {name} is available for people who work on the train.",
        "The changelog of {name} is written for humans and runs to {n} pages.",
        "Deprecated fields of {name} are answered with a warning header.",
        "The schema of {name} is checked for breaking changes on each commit.",
    ),
    Topic.CLUSTER: (
        "Cooling water for {name} is inspected every {n} weeks.",
        "The cabling of {name} is colour-coded, and the legend hangs on the wall.",
        "Spare fans for {name} are stored in box {n}.",
        "Kernel upgrades on {name} wait until a sister machine has run them for {n} days.",
        "Clock drift across {name} stays below the threshold that would trouble us.",
        "Core dumps from {name} are compressed and thrown away after {n} days.",
        "Power draw on {name} is logged, and the curve is flatter than expected.",
        "Guests who want to see {name} must sign in at the gate.",
    ),
    Topic.TEAM: (
        "{name} keeps a log book with {n} entries so far this year.",
        "Every other month {name} rehearses a blackout.",
        "Holidays within {name} are planned in a shared calendar.",
        "People who join {name} receive a mentor and {n} short readings.",
        "False alarms are counted, and the noisiest rule is retired each month.",
        "{name} would rather be called once too often than once too late.",
    ),
    Topic.TENANT: (
        "The acceptance test for {name} comprised {n} cases.",
        "Correspondence concerning {name} is archived for {n} years.",
        "Both sides review the arrangement around {name} at the yearly visit.",
        "An escrow agent holds the configuration of {name}.",
        "Training for users of {name} was attended by {n} people.",
        "The customer's security questionnaire about {name} has been answered in full.",
    ),
    Topic.GENERAL: (
        "Corrections are welcome from anyone; the history shows who made them.",
        "An older sheet loses against a newer one whenever they contradict each other.",
        "We date every sheet, since undated advice is worthless.",
        "Long sheets are split when they pass {n} paragraphs.",
        "Diagrams are drawn as text, so that they can be compared line by line.",
        "Names are spelled the way the catalogue spells them.",
        "Nothing is written down in two places on purpose.",
        "Readers who get lost should tell the authors where it happened.",
        "Sheets are reviewed on a fixed cycle of {n} weeks.",
    ),
}

HELDOUT_PROSE = Prose(_SECTIONS, _FILLERS, ("Revised {date}", "Version dated {date}"), ("Name", "Property", "Entry"))
