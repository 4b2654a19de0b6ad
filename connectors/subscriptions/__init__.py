"""Subscriptions: what happens is posted to programs outside, signed, at least once, in order for each case.

`following` reads the topics, `matching` says for whom, `arrivals` stores it with the place in the topic in one
transaction, `deliveries` gives it out, `delivering` posts it. Everything durable is in one file: `store`.
"""
