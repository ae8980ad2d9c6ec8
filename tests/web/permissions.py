"""What each address asks of a person, declared: one line for each address, checked against every role.

Who adds an address adds its line here. `get` and `post` say what the door asks for at the unit in the
address: a capability of `khien.org.roles`, or several of which one is enough; SIGNED_IN: any user, who gets
only what is theirs; ANYWHERE(may): a user who may do something at some unit; OPEN: nobody signs in for it;
NONE: the address does not answer that method.
"""

from __future__ import annotations

from dataclasses import dataclass

from khien.org.roles import APPROVE, KNOW, MANAGE, READ, RESPOND, REVIEW, WRITE

NONE = "none"
OPEN = "open"
SIGNED_IN = "signed in"
LOOK_AT_USERS = (READ, MANAGE, APPROVE)
DO_STEPS = (WRITE, APPROVE)
WORK_ON_REPORTS = (WRITE, APPROVE, REVIEW, RESPOND)
ASK_FOR_USERS = (WRITE, APPROVE, MANAGE)


@dataclass(frozen=True)
class Anywhere:
    """Asks for a capability at some unit, not at one in the address."""

    may: str


@dataclass(frozen=True)
class AtTheTop:
    """Asks for a capability at a unit that stands at the top of its tree: what is decided is the instance's."""

    may: str


@dataclass(frozen=True)
class Ask:
    """What an address asks for reading it, and for sending a form to it."""

    get: object
    post: object = NONE


ASKS: dict[str, Ask] = {
    # The frame, signing in and out, one's own things.
    "home": Ask(SIGNED_IN),
    "sign-in-needed": Ask(OPEN),
    "enter": Ask(OPEN, OPEN),
    "leave": Ask(NONE, OPEN),
    "language": Ask(NONE, OPEN),
    "theme": Ask(NONE, OPEN),
    "keys": Ask(NONE, OPEN),
    "search": Ask(SIGNED_IN),
    "today": Ask(SIGNED_IN),
    "units": Ask(SIGNED_IN),
    "heat-map-all": Ask(SIGNED_IN),
    "control-everywhere": Ask(SIGNED_IN),
    "ledger": Ask(SIGNED_IN),
    "ledger-entry": Ask(SIGNED_IN),
    "library": Ask(SIGNED_IN),
    "library-document": Ask(SIGNED_IN),
    "texts-compared": Ask(SIGNED_IN),
    "texts-compared-file": Ask(SIGNED_IN),
    "strictest": Ask(SIGNED_IN),
    "strictest-file": Ask(SIGNED_IN),
    "ended-law": Ask(SIGNED_IN),
    "ended-law-file": Ask(SIGNED_IN),
    # Texts that are shared: a signed one speaks for the installation; one that came is its sender's to look at.
    "text-shared": Ask(SIGNED_IN),
    "text-package": Ask(NONE, Anywhere(APPROVE)),
    "text-came": Ask(Anywhere(WRITE), Anywhere(WRITE)),
    # A unit's own texts: brought in, corrected.
    "texts": Ask(Anywhere(READ), Anywhere(WRITE)),
    "text": Ask(READ),
    "text-file": Ask(READ),
    "text-drop": Ask(NONE, WRITE),
    "text-structure": Ask(READ, WRITE),
    "text-head": Ask(READ, WRITE),
    # A unit's own text on its way into force.
    "text-force": Ask(READ, WRITE),
    "text-impact": Ask(READ),
    "text-impact-file": Ask(READ),
    "text-approval": Ask(READ),
    "text-submit": Ask(NONE, WRITE),
    "text-approve": Ask(NONE, APPROVE),
    "text-return": Ask(NONE, APPROVE),
    "text-withdraw": Ask(NONE, APPROVE),
    "text-end": Ask(NONE, APPROVE),
    # The review of a unit's own text, clause by clause.
    "text-review": Ask(READ),
    "text-review-next": Ask(READ),
    "text-decisions": Ask(READ),
    "text-sweep": Ask(READ, WRITE),
    "text-sweep-undo": Ask(NONE, WRITE),
    "text-claim": Ask(NONE, WRITE),
    "text-clause": Ask(READ, WRITE),
    "text-clause-schedule": Ask(READ),
    "text-clause-nothing": Ask(NONE, WRITE),
    "text-clause-reopen": Ask(NONE, WRITE),
    "text-own-control": Ask(WRITE, WRITE),
    # A unit, its rules and what was found.
    "unit": Ask(READ),
    "unit-today": Ask(READ),
    "compliance-home": Ask(READ),
    "compliance": Ask(READ),
    "by-theme": Ask(READ),
    "heat-map": Ask(READ),
    "trend": Ask(READ),
    "control": Ask(READ),
    "report": Ask(NONE, READ),
    "rulebook": Ask(READ),
    "rulebook-level": Ask(READ),
    "rulebook-level-file": Ask(READ),
    "machines": Ask(READ),
    "machine": Ask(READ),
    "machine-kind": Ask(NONE, WRITE),
    # The unit tree and its users.
    "contacts": Ask(KNOW),
    "tree": Ask(KNOW),
    "unit-history": Ask(KNOW),
    "unit-rename": Ask(MANAGE, MANAGE),
    "unit-move": Ask(MANAGE, MANAGE),
    "unit-merge": Ask(MANAGE, MANAGE),
    "unit-end": Ask(MANAGE, MANAGE),
    "unit-found": Ask(MANAGE, MANAGE),
    "users": Ask(LOOK_AT_USERS),
    "user": Ask(LOOK_AT_USERS),
    "user-grant": Ask(NONE, MANAGE),
    "user-revoke": Ask(NONE, MANAGE),
    "user-disable": Ask(NONE, MANAGE),
    "user-enable": Ask(NONE, MANAGE),
    "user-leaves": Ask(NONE, MANAGE),
    "user-activation": Ask(NONE, MANAGE),
    "user-person": Ask(NONE, MANAGE),
    "account-requests": Ask(LOOK_AT_USERS),
    "account-request": Ask(ASK_FOR_USERS, ASK_FOR_USERS),
    "account-request-decide": Ask(NONE, APPROVE),
    "account-request-withdraw": Ask(NONE, ASK_FOR_USERS),
    # Registers.
    "registers": Ask(READ),
    "register-show": Ask(READ),
    "register-file": Ask(READ),
    "register-template": Ask(READ),
    "register-print": Ask(READ),
    "register-candidates": Ask(WRITE),
    "register-confirm": Ask(NONE, WRITE),
    "register-reassess": Ask(NONE, WRITE),
    "register-bulk": Ask(NONE, WRITE),
    "register-seen": Ask(READ, WRITE),
    "register-import": Ask(WRITE, WRITE),
    "register-preview": Ask(WRITE, WRITE),
    "row-add": Ask(WRITE, WRITE),
    "row-show": Ask(READ),
    "row-change": Ask(WRITE, WRITE),
    "row-retire": Ask(NONE, WRITE),
    "row-restore": Ask(NONE, WRITE),
    "row-file-add": Ask(NONE, WRITE),
    "row-file": Ask(READ),
    "row-file-retire": Ask(NONE, WRITE),
    "row-file-restore": Ask(NONE, WRITE),
    "row-file-signatures": Ask(READ),
    "row-file-read-again": Ask(NONE, WRITE),
    # Whose certificates are trusted.
    "trust": Ask(Anywhere(MANAGE), AtTheTop(MANAGE)),
    "trust-remove": Ask(NONE, AtTheTop(MANAGE)),
    # One's own account, tokens, sessions; sign-ins of others.
    "sign-in": Ask(OPEN, OPEN),
    "sign-in-factor": Ask(OPEN, OPEN),
    "openid-begin": Ask(OPEN, OPEN),
    "openid-return": Ask(OPEN, OPEN),
    "my-account": Ask(SIGNED_IN),
    "my-password": Ask(SIGNED_IN, SIGNED_IN),
    "prove-again": Ask(SIGNED_IN, SIGNED_IN),
    "add-code-app": Ask(SIGNED_IN, SIGNED_IN),
    "add-key": Ask(SIGNED_IN, SIGNED_IN),
    "remove-factor": Ask(NONE, SIGNED_IN),
    "recovery-codes": Ask(SIGNED_IN, SIGNED_IN),
    "my-sessions": Ask(SIGNED_IN),
    "end-session": Ask(NONE, SIGNED_IN),
    "end-all-sessions": Ask(NONE, SIGNED_IN),
    "api-reference": Ask(SIGNED_IN),
    "tokens": Ask(SIGNED_IN, SIGNED_IN),
    "token-revoke": Ask(NONE, SIGNED_IN),
    "sign-in-users": Ask(Anywhere(MANAGE)),
    "sign-in-user": Ask(Anywhere(MANAGE), Anywhere(MANAGE)),
    "self-check": Ask(Anywhere(MANAGE), Anywhere(MANAGE)),
    # What leaves the house.
    "webhooks": Ask(MANAGE, MANAGE),
    "webhook": Ask(MANAGE),
    "webhook-remove": Ask(NONE, MANAGE),
    "webhook-test": Ask(NONE, MANAGE),
    "webhook-replay": Ask(NONE, MANAGE),
    # Bundles between instances, and the keys that sign them.
    "bundles": Ask(READ),
    "bundle-take-in": Ask(NONE, REVIEW),
    "bundle-received": Ask(READ),
    "bundle-receipt": Ask(READ),
    "bundle-answer": Ask(READ),
    "bundle-item": Ask(READ),
    "bundle-make": Ask(NONE, WRITE),
    "bundle-take-receipt": Ask(NONE, WRITE),
    "bundle-sent": Ask(READ),
    "bundle-file": Ask(WRITE),
    "bundle-send-again": Ask(NONE, WRITE),
    "bundle-keys": Ask(MANAGE, MANAGE),
    "bundle-card": Ask(MANAGE),
    "bundle-rotate": Ask(NONE, MANAGE),
    "bundle-address": Ask(NONE, MANAGE),
    "bundle-partner-end": Ask(NONE, MANAGE),
    "bundle-accept-break": Ask(NONE, MANAGE),
    "bundle-key-revoke": Ask(NONE, MANAGE),
    # Processes; what waits for a person asks for nothing but that the unit is known.
    "my-tasks": Ask(SIGNED_IN),
    "my-task-answer": Ask(NONE, KNOW),
    "reports": Ask(READ),
    "report-begin": Ask(READ, WORK_ON_REPORTS),
    "report-boards": Ask(READ),
    "report-board": Ask(READ),
    "report-remind": Ask(NONE, REVIEW),
    "report-received": Ask(READ),
    "report-answer": Ask(NONE, REVIEW),
    "report-show": Ask(READ),
    "report-write": Ask(READ, WORK_ON_REPORTS),
    "report-refresh": Ask(NONE, WORK_ON_REPORTS),
    "report-figure": Ask(READ),
    "report-version": Ask(READ),
    "report-file": Ask(READ),
    "report-step": Ask(NONE, WORK_ON_REPORTS),
    "workflows": Ask(READ),
    "workflow-start": Ask(WRITE, WRITE),
    "workflow-case": Ask(READ),
    "workflow-cancel": Ask(NONE, WRITE),
    "workflow-minutes": Ask(NONE, READ),
    "workflow-step": Ask(NONE, DO_STEPS),
    "workflow-line": Ask(NONE, WRITE),
    "workflow-line-remove": Ask(NONE, WRITE),
    "workflow-items": Ask(READ, DO_STEPS),
    "workflow-refresh": Ask(NONE, WRITE),
    # Duties on the calendar; who answers for one sees it without a reader's role.
    "duties": Ask(READ),
    "duty-list": Ask(READ),
    "duty-board": Ask(READ),
    "duty": Ask(READ),
    "duty-hand-over": Ask(NONE, DO_STEPS),
    "duty-interval": Ask(NONE, WRITE),
    "duty-set-aside": Ask(NONE, WRITE),
    "duty-decide": Ask(NONE, APPROVE),
    "calendar-feed": Ask(OPEN),
    "calendar-links": Ask(SIGNED_IN, SIGNED_IN),
    "calendar-revoke": Ask(NONE, SIGNED_IN),
    # What people are told; the queue of mails.
    "notices": Ask(SIGNED_IN),
    "notice": Ask(SIGNED_IN),
    "notices-read": Ask(NONE, SIGNED_IN),
    "notice-settings": Ask(SIGNED_IN, SIGNED_IN),
    "mail-queue": Ask(Anywhere(MANAGE)),
    "mail-test": Ask(NONE, Anywhere(MANAGE)),
    "mail-again": Ask(NONE, Anywhere(MANAGE)),
    # Money for security, clocks of suppliers.
    "money": Ask(READ),
    "suppliers": Ask(READ),
    "plans": Ask(READ),
    "plan-begin": Ask(WRITE, WRITE),
    "plan": Ask(READ, WRITE),
    "plan-add": Ask(NONE, WRITE),
    "plan-sign": Ask(NONE, WRITE),
    "plan-drop": Ask(NONE, WRITE),
    "plan-file": Ask(READ),
    # Programs sign in with a token, not with a session; its own tests ask who may.
    "api-nothing": Ask(OPEN, OPEN),
    # Other instances sign with a registered key; tests/exchange asks who may.
    "submission-begin": Ask(NONE, OPEN),
    "submission-part": Ask(NONE, OPEN),
}

# Forms that a role which only reads may send; nothing but the record itself comes of them.
READERS_FORMS = {
    "report": "a report is a copy that is handed out; only that it was made is put on record",
    "workflow-minutes": "minutes are a copy that is handed out; only that they were made is put on record",
}
