"""WHAT SHOULD HAPPEN when something happens on Kick. Pure: events in, actions out; `now` and `rng` are arguments.

rule.py       a rule as a value; KINDS, the table of triggers
actions.py    what a rule can do, as values; ACTIONS, their table
spec.py       one row of what can be typed for a trigger, a filter or an action: the page and the saved text share it
filters.py    whether a rule applies      pattern.py, budget.py    regular expressions that can't stall a turn
facts.py      what an event has to say    template.py   {user} and the like
book.py       Rulebook: which rules fire now    chains.py, alerts.py, shown.py, memory.py    what it remembers
saved.py      JSON      sentence.py  a rule in words      explain.py  why one didn't fire      samples.py  made-up events
"""
