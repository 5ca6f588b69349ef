"""What the rules wait for in chat, for the link's thread: whether a message may fire one. Knows no link.

A no is certain: by what the message says, or by a cooldown, no rule fires for it, and then OBS's timer needn't look at it. A yes
is none of the Rulebook's business: it judges what comes as if nobody had asked. Nothing of the Rulebook's is changed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from vmsc_core.events import ChatMessage
from vmsc_core.rules import facts
from vmsc_core.rules.armed import Armed, first_word
from vmsc_core.rules.facts import Facts
from vmsc_core.rules.memory import Greeted

QUICK = 1e-4
"""Seconds that all regular expressions may take for one message; what may take longer is left to the timer's budget."""


class Ear:
    """Called with each chat message, on the link's thread. Made anew when there are other rules.

    `clock` gives the monotonic seconds that cooldowns are in. The timer counts `turn` up when it has planned all it had.
    """

    def __init__(
        self,
        chat: Iterable[Armed],
        by_word: Mapping[str, Sequence[Armed]],
        greeted: Greeted,
        clock: Callable[[], float],
    ) -> None:
        self.turn = 0
        self._chat, self._by_word = tuple(chat), by_word
        self._greeted, self._clock = greeted, clock
        self._passed: dict[str, int] = {}  # rule ID → the turn in which it was given a message that fires it

    def __call__(self, message: ChatMessage) -> bool:
        """Whether the timer must look at it."""
        if not self._greeted.knows(message.username.casefold()):
            return True  # everybody's first: it may be greeted, and is remembered for greetings that are made later
        commands = self._by_word.get(first_word(message.text), ()) if self._by_word else ()
        told: Facts | None = None
        left = QUICK
        for armed in (*commands, *self._chat) if commands else self._chat:
            if armed.ready_at > self._clock() or self._passed.get(armed.rule.id) == self.turn:
                continue
            told = told or facts.read(message)
            if not armed.gate.may_open(told):
                continue
            pattern = armed.gate.pattern
            if pattern is not None:
                left -= pattern.worst(told.text)
                if left > 0 and not pattern.found_in(told.text):
                    continue
            elif armed.is_certain:  # it fires, and then its cooldown runs
                self._passed[armed.rule.id] = self.turn
            return True
        return False
