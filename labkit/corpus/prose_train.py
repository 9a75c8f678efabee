"""The train split's prose around the facts. None of it may occur in ``prose_heldout``."""

from labkit.corpus.fillers_train import FILLERS
from labkit.corpus.layout import PageKind
from labkit.corpus.prose import Prose, Section

_SECTIONS = {
    PageKind.SERVICE: Section(
        ("Service page: {name}", "{name} - service overview"),
        (
            "This page collects what an engineer new to {name} asks first.",
            "{name} is one of the services that our customers notice when it is away.",
        ),
        ("Where it runs and who answers for it", "Key facts", "Before you change it"),
        (
            "Read the last two postmortems that mention {name}.",
            "Announce the change in the release channel a day ahead.",
            "Run the contract tests against the staging copy.",
            "Keep the previous image until the next morning.",
            "Watch the error budget for an hour after the rollout.",
        ),
    ),
    PageKind.RUNBOOK: Section(
        ("Runbook: cluster {name}", "{name} cluster runbook"),
        (
            "Use this runbook when something on {name} needs a human.",
            "The steps below bring {name} back from the failures we have seen so far.",
        ),
        ("Size and place", "At a glance", "Restart in order"),
        (
            "Drain the router and wait until no stream is open.",
            "Restart the node agents before anything else.",
            "Check that the weights were read from the local disk.",
            "Send the ten canned prompts and compare the answers.",
            "Open the router again and watch the queue.",
        ),
    ),
    PageKind.PRICES: Section(
        ("Price sheet with {name}", "Rate card: {name} and neighbours"),
        (
            "Finance and operations agree on this sheet once a quarter.",
            "The figures below are what the monthly bill is computed from.",
        ),
        ("Rates in force", "Rate table", "How the bill is checked"),
        (
            "Compare the metered hours with the scheduler's log.",
            "Leave out hours that were lost to planned maintenance.",
            "Ask for a credit note when the two differ by more than a percent.",
            "File the signed sheet with the rest of the quarter.",
        ),
    ),
    PageKind.ROSTER: Section(
        ("On-call roster with {name}", "Who carries the pager: {name} and partners"),
        (
            "The roster changes on Monday at ten; swaps are fine when both sides write them down.",
            "Look here before you page anyone, and page one person only.",
        ),
        ("Present rotation", "Roster", "Handing over"),
        (
            "Go through the open alerts together.",
            "Say which dashboards are known to lie.",
            "Test that the phone rings.",
            "Write down what you would have liked to know a week ago.",
        ),
    ),
    PageKind.MIGRATION: Section(
        ("Migration notice: {name}", "Moving {name}: what to expect"),
        (
            "This notice tells the users of {name} what happens during the move.",
            "We are moving {name}, and for a short while both sides will be up.",
        ),
        ("Arrangement", "Summary of the move", "Steps"),
        (
            "Freeze configuration changes two days before.",
            "Copy the request log and replay a sample.",
            "Shift a tenth of the traffic, then wait an hour.",
            "Shift the rest and keep the way back open.",
            "Tell the help desk that the move is over.",
        ),
    ),
    PageKind.OLD_RUNBOOK: Section(
        ("Operating {name}", "{name}: notes for operators"),
        (
            "These notes describe how {name} is operated.",
            "Keep this page open while you work on {name}.",
        ),
        ("Set-up", "Figures", "Routine work"),
        (
            "Rotate the certificates of the router.",
            "Clear the image cache when the disk is four fifths full.",
            "Look through the slow log once a week.",
            "Try the restore procedure on a spare node.",
        ),
    ),
    PageKind.DEPLOYMENT: Section(
        ("Dedicated deployment: {name}", "{name} (dedicated deployment)"),
        (
            "{name} is a dedicated deployment; this page is meant for its tenant alone.",
            "What follows is confidential to the tenant that uses {name}.",
        ),
        ("How it is set up", "Deployment record", "What the tenant asked for"),
        (
            "Logs stay inside the tenant's own storage.",
            "Support staff look at prompts only after a written request.",
            "Model updates are announced two weeks ahead.",
            "A rehearsal of the failover takes place every spring.",
        ),
    ),
    PageKind.CONTRACT: Section(
        ("Service contract: {name}", "Contract summary for {name}"),
        (
            "This summary is confidential and replaces no clause of the signed contract for {name}.",
            "The account managers keep this sheet on {name} for the tenant's own use.",
        ),
        ("What was agreed", "Terms", "Open points"),
        (
            "The tenant wants a second contact for weekends.",
            "Legal reviews the clause on subcontractors.",
            "A sandbox with the same limits has been promised.",
            "The annual review takes place in November.",
        ),
    ),
    PageKind.INCIDENT: Section(
        ("Incident report: {name} degraded", "Postmortem of the {name} outage"),
        (
            "This report covers the incident in which {name} answered slowly or not at all.",
            "Nobody is to blame for what happened to {name}; the system let us do it.",
        ),
        ("Setting", "Systems involved", "Timeline"),
        (
            "09:12 - the first customer writes to the help desk.",
            "09:20 - the error budget alert fires.",
            "09:31 - a rollback is started and stalls.",
            "09:48 - the second rollback goes through.",
            "10:05 - the queue is empty and the alert clears.",
        ),
    ),
    PageKind.MEETING: Section(
        ("Meeting notes: operations of {name}", "Weekly operations meeting, {name}"),
        (
            "The meeting began with a look at {name} and ran a little over time.",
            "Notes of the weekly meeting; {name} took up most of it.",
        ),
        ("Reported", "For the record", "Action items"),
        (
            "Clean up the alert rules that nobody has read.",
            "Ask procurement about the delayed network cards.",
            "Write a page on how to read the queue chart.",
            "Find a date for the next failover rehearsal.",
        ),
    ),
    PageKind.CAPACITY: Section(
        ("Capacity review: {name} and its neighbour", "Quarterly capacity review with {name}"),
        (
            "The review compares what {name} can serve with what it is asked to serve.",
            "Once a quarter we ask whether {name} is still the right size.",
        ),
        ("Findings", "Measured capacity", "Recommendations"),
        (
            "Leave the head-room as it is until the summer peak is over.",
            "Repeat the load test with longer prompts.",
            "Move batch jobs out of the morning hours.",
            "Look again at the share of cached prompts.",
        ),
    ),
    PageKind.GENERAL: Section(
        ("Glossary", "How we write handbook pages"),
        (
            "New colleagues should read this page in their first week.",
            "This page holds for all services and clusters alike.",
        ),
        ("Terms", "More terms", "House rules"),
        (
            "Drain: to let open requests finish while no new ones come in.",
            "Error budget: the failures that an objective leaves room for.",
            "Rollback: to return to the image that ran before.",
            "Head-room: capacity that is free at the busiest hour.",
            "Canned prompt: a fixed question with a known answer.",
        ),
    ),
}

TRAIN_PROSE = Prose(
    _SECTIONS, FILLERS, ("Last updated: {date}", "Last edited on {date}"), ("Subject", "Attribute", "Value")
)
