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

    `chat` are the rules for any message, `by_word` those for commands, `greeted` knows the viewers if there are rules for first
    messages. `clock` gives the monotonic seconds of cooldowns. The timer counts `turn` up when it has planned all it had.
    """

    def __init__(
        self,
        chat: Iterable[Armed],
        by_word: Mapping[str, Sequence[Armed]],
        greeted: Greeted | None,
        clock: Callable[[], float],
    ) -> None:
        self.turn = 0
        self._by_word, self._greeted, self._clock = by_word, greeted, clock
        self._open: list[Callable[[Facts], bool]] = []  # the gates of rules that nothing else keeps from firing
        self._chat: list[Armed] = []  # the others
        for armed in chat:
            if armed.cooldown or armed.gate.pattern is not None:
                self._chat.append(armed)
            else:
                self._open.append(armed.gate.may_open)
        self._passed: dict[str, int] = {}  # rule ID → the turn in which it was given a message that fires it

    def __call__(self, message: ChatMessage) -> bool:
        """Whether the timer must look at it."""
        if self._greeted is not None and not self._greeted.knows(message.username.casefold()):
            return True
        commands = self._by_word.get(first_word(message.text), ()) if self._by_word else ()
        if not (commands or self._chat or self._open):
            return False
        told = facts.read(message)
        for may_open in self._open:
            if may_open(told):
                return True
        now, left = self._clock(), QUICK
        for armed in (*commands, *self._chat):
            pattern = armed.gate.pattern
            if armed.ready_at > now or self._passed.get(armed.rule.id) == self.turn or not armed.gate.may_open(told):
                continue
            if pattern is not None:
                left -= pattern.worst(told.text)
                if left > 0 and not pattern.found_in(told.text):
                    continue
            elif armed.is_certain:  # it fires, and then its cooldown runs
                self._passed[armed.rule.id] = self.turn
            return True
        return False
