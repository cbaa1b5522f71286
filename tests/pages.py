"""What a page holds that has to be sent back."""


def seen(client, address):
    """What the form on the page of that address says it was filled with, to be sent with what is changed."""
    return {"seen": client.get(address).context["form"]["seen"].value()}
