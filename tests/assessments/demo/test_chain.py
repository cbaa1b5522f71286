import random

from assessments.demo import chain
from assessments.places import countries, time_zones


def test_the_names_of_a_thousand_sites_differ():
    cities = chain.read()
    rng = random.Random(1)
    names = [cities.place(number, rng)[0].name for number in range(3000)]
    assert len(set(names)) == 3000
    assert names[0] == "Albany"


def test_the_cities_of_the_chain_lie_in_known_countries_and_zones():
    zones = {zone for zone, _ in time_zones()}
    for _, city, country, zone in chain.read().cities:
        assert country in dict(countries()), city
        assert zone in zones, city
