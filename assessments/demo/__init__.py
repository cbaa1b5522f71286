"""The demo: `stories` reads what is written in fixtures/demo, `answering` invents who answered what and when, `chain` many
sites of one organisation, and `rows` stores it all in bulk.
"""
