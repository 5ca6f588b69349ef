"""What the rules wait for in chat, for the link's thread: whether a message may fire one. Knows no link.

A no: what the message says, who wrote it, or a cooldown that runs when it arrives keeps every rule from firing, or another
message of this turn is to fire it and begin its cooldown. So OBS's timer needn't look at it. A yes decides nothing: the Rulebook
checks the message as usual. Nothing of the Rulebook's is changed here; `Armed.ready_at`, `Greeted`, and `turn` are the timer's to
write, and are read under Python's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from vmsc_core.events import ChatMessage
from vmsc_core.rules import facts
from vmsc_core.rules.armed import Armed, first_word
from vmsc_core.rules.facts import Facts
from vmsc_core.rules.memory import Greeted
from vmsc_core.rules.pattern import Pattern

QUICK, PER_TURN = 1e-4, 5e-3
"""Seconds that the search for one regular expression may take at most, and that all of them took in one turn: what is beyond
is left to the timer's budget.
"""

MOST_RULES = 200
"""Rules that a message is compared with; with more of them the timer looks at each message, and its own limit counts."""


class Ear:
    """Called with chat messages, on the link's thread. Made again when the rules change.

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
        self._always: list[Callable[[Facts], bool]] = []  # the gates of rules without a cooldown and a regular expression
        self._others: list[Armed] = []
        for armed in chat:
            if armed.cooldown or armed.gate.pattern is not None:
                self._others.append(armed)
            else:
                self._always.append(armed.gate.may_open)
        self._passed: dict[str, int] = {}  # rule ID → the turn in which it was given a message that fires it
        self._searched_in, self._searched = 0, 0.0  # a turn, and the seconds that searches took in it

    def __call__(self, message: ChatMessage) -> bool:
        """Whether the timer must look at it."""
        if self._greeted is not None and not self._greeted.knows(message.username.casefold()):
            return True
        commands = self._by_word.get(first_word(message.text), ()) if self._by_word else ()
        if not (commands or self._others or self._always):
            return False
        if len(commands) + len(self._others) + len(self._always) > MOST_RULES:
            return True
        read = facts.read(message)
        for may_open in self._always:
            if may_open(read):
                return True
        now = self._clock()
        for armed in (*commands, *self._others):
            pattern = armed.gate.pattern
            if armed.ready_at > now or self._passed.get(armed.rule.id) == self.turn or not armed.gate.may_open(read):
                continue
            if pattern is not None:
                if self._misses(pattern, read.text):
                    continue
            elif armed.fires_if_open:  # and then its cooldown runs: one such message a turn is enough
                self._passed[armed.rule.id] = self.turn
            return True
        return False

    def _misses(self, pattern: Pattern, text: str) -> bool:
        """Whether the pattern isn't in the text, as far as there's time to look."""
        if self._searched_in != self.turn:
            self._searched_in, self._searched = self.turn, 0.0
        if pattern.worst(text) > QUICK or self._searched >= PER_TURN:
            return False
        began = self._clock()
        is_found = pattern.found_in(text)
        self._searched += self._clock() - began
        return not is_found
