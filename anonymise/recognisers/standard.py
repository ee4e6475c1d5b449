"""The recognisers in use. Their order does not matter."""

from functools import cache

from anonymise.findings import Recogniser
from anonymise.recognisers.addresses import Addresses
from anonymise.recognisers.ages import Ages
from anonymise.recognisers.bank import Bank
from anonymise.recognisers.capitals import Capitals
from anonymise.recognisers.dates import Dates
from anonymise.recognisers.emails import Emails
from anonymise.recognisers.handles import Handles
from anonymise.recognisers.health import HealthNumbers
from anonymise.recognisers.names import Names
from anonymise.recognisers.nino import NationalInsurance
from anonymise.recognisers.organisations import Organisations
from anonymise.recognisers.persons import Persons
from anonymise.recognisers.phones import Phones
from anonymise.recognisers.places import Places
from anonymise.recognisers.postcodes import Postcodes
from anonymise.recognisers.references import References
from anonymise.recognisers.roles import Roles
from anonymise.recognisers.urls import Urls
from anonymise.recognisers.vehicles import Vehicles


@cache
def standard() -> tuple[Recogniser, ...]:
    """One of each."""
    return (
        Phones(),
        Emails(),
        Handles(),
        Urls(),
        Postcodes(),
        HealthNumbers(),
        NationalInsurance(),
        References(),
        Addresses(),
        Dates(),
        Ages(),
        Vehicles(),
        Bank(),
        Persons(),
        Names(),
        Capitals(),
        Places(),
        Organisations(),
        Roles(),
    )
