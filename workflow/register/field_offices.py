"""The 25 field offices, their zones, and which office a state or county belongs to. No database, no agencies.

Our own table of facts. Source: ICE's list of the areas of responsibility of its Enforcement and Removal
Operations field offices, as collected in a public-domain (CC0) table of states, counties and offices.
The three-letter codes are ours. An office's zone is that of the city it is named after: a deadline is
counted where the office works, also for an agency of its area that lives in another zone, so there is
one zone to an office and no exception by state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from workflow.register.states import state_name


@dataclass(frozen=True, slots=True)
class Office:
    """A field office: the name people use, a short code, and the zone its days are counted in."""

    name: str
    code: str
    zone: str


_EASTERN: Final = "America/New_York"
_CENTRAL: Final = "America/Chicago"
_MOUNTAIN: Final = "America/Denver"
_PACIFIC: Final = "America/Los_Angeles"

FIELD_OFFICES: Final = (
    Office("Atlanta", "ATL", _EASTERN),
    Office("Baltimore", "BAL", _EASTERN),
    Office("Boston", "BOS", _EASTERN),
    Office("Buffalo", "BUF", _EASTERN),
    Office("Chicago", "CHI", _CENTRAL),
    Office("Dallas", "DAL", _CENTRAL),
    Office("Denver", "DEN", _MOUNTAIN),
    Office("Detroit", "DET", "America/Detroit"),
    Office("El Paso", "ELP", _MOUNTAIN),  # unlike the rest of Texas
    Office("Harlingen", "HLG", _CENTRAL),
    Office("Houston", "HOU", _CENTRAL),
    Office("Los Angeles", "LOS", _PACIFIC),
    Office("Miami", "MIA", _EASTERN),
    Office("New Orleans", "NOL", _CENTRAL),
    Office("New York City", "NYC", _EASTERN),
    Office("Newark", "NEW", _EASTERN),
    Office("Philadelphia", "PHI", _EASTERN),
    Office("Phoenix", "PHO", "America/Phoenix"),  # no daylight saving
    Office("Salt Lake City", "SLC", _MOUNTAIN),
    Office("San Antonio", "SNA", _CENTRAL),
    Office("San Diego", "SND", _PACIFIC),
    Office("San Francisco", "SFR", _PACIFIC),
    Office("Seattle", "SEA", _PACIFIC),
    Office("St Paul", "SPM", _CENTRAL),
    Office("Washington", "WAS", _EASTERN),
)

#: States and territories that lie in one area as a whole.
WHOLE_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        state: office
        for office, states in {
            "Atlanta": ("Georgia", "North Carolina", "South Carolina"),
            "Baltimore": ("Maryland",),
            "Boston": (
                "Connecticut",
                "Maine",
                "Massachusetts",
                "New Hampshire",
                "Rhode Island",
                "Vermont",
            ),
            "Chicago": ("Illinois", "Indiana", "Kansas", "Kentucky", "Missouri", "Wisconsin"),
            "Dallas": ("Oklahoma",),
            "Denver": ("Colorado", "Wyoming"),
            "Detroit": ("Michigan", "Ohio"),
            "El Paso": ("New Mexico",),
            "Miami": ("Florida", "Puerto Rico", "United States Virgin Islands"),
            "New Orleans": ("Alabama", "Arkansas", "Louisiana", "Mississippi", "Tennessee"),
            "Newark": ("New Jersey",),
            "Philadelphia": ("Delaware", "Pennsylvania", "West Virginia"),
            "Phoenix": ("Arizona",),
            "Salt Lake City": ("Idaho", "Montana", "Nevada", "Utah"),
            "San Francisco": ("Guam", "Hawaii", "Northern Mariana Islands"),
            "Seattle": ("Alaska", "Oregon", "Washington"),
            "St Paul": ("Iowa", "Minnesota", "Nebraska", "North Dakota", "South Dakota"),
            "Washington": ("District of Columbia", "Virginia"),
        }.items()
        for state in states
    }
)

#: Three states are split between offices, county by county.
SPLIT_STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "New York": {
        "Buffalo": (
            "Albany, Allegany, Broome, Cattaraugus, Cayuga, Chautauqua, Chemung, Chenango, Clinton, "
            "Columbia, Cortland, Delaware, Erie, Essex, Franklin, Fulton, Genesee, Greene, Hamilton, "
            "Herkimer, Jefferson, Lewis, Livingston, Madison, Monroe, Montgomery, Niagara, Oneida, "
            "Onondaga, Ontario, Orleans, Oswego, Otsego, Rensselaer, Saratoga, Schenectady, Schoharie, "
            "Schuyler, Seneca, St. Lawrence, Steuben, Tioga, Tompkins, Warren, Washington, Wayne, "
            "Wyoming, Yates"
        ),
        "New York City": (
            "Bronx, Dutchess, Kings, Nassau, New York, Orange, Putnam, Queens, Richmond, Rockland, "
            "Suffolk, Sullivan, Ulster, Westchester"
        ),
    },
    "California": {
        "Los Angeles": (
            "Los Angeles, Orange, Riverside, San Bernardino, San Luis Obispo, Santa Barbara, Ventura"
        ),
        "San Diego": ("Imperial, San Diego"),
        "San Francisco": (
            "Alameda, Alpine, Amador, Butte, Calaveras, Colusa, Contra Costa, Del Norte, El Dorado, "
            "Fresno, Glenn, Humboldt, Inyo, Kern, Kings, Lake, Lassen, Madera, Marin, Mariposa, "
            "Mendocino, Merced, Modoc, Mono, Monterey, Napa, Nevada, Placer, Plumas, Sacramento, San "
            "Benito, San Francisco, San Joaquin, San Mateo, Santa Clara, Santa Cruz, Shasta, Sierra, "
            "Siskiyou, Solano, Sonoma, Stanislaus, Sutter, Tehama, Trinity, Tulare, Tuolumne, Yolo, Yuba"
        ),
    },
    "Texas": {
        "Houston": (
            "Angelina, Austin, Bee, Bell, Bosque, Brazoria, Brazos, Burleson, Calhoun, Chambers, "
            "Colorado, Coryell, DeWitt, Falls, Fayette, Fort Bend, Freestone, Galveston, Goliad, Grimes, "
            "Hamilton, Hardin, Harris, Hill, Houston, Jackson, Jasper, Jefferson, Lavaca, Lee, Leon, "
            "Liberty, Limestone, Live Oak, Madison, Matagorda, McLennan, Milam, Montgomery, Nacogdoches, "
            "Newton, Orange, Polk, Refugio, Robertson, Sabine, San Augustine, San Jacinto, Shelby, "
            "Somervell, Trinity, Tyler, Victoria, Walker, Waller, Washington, Wharton"
        ),
        "Harlingen": (
            "Aransas, Brooks, Cameron, Duval, Hidalgo, Jim Hogg, Jim Wells, Kenedy, Kleberg, Nueces, San "
            "Patricio, Starr, Webb, Willacy, Zapata"
        ),
        "El Paso": (
            "Andrews, Brewster, Crane, Culberson, Ector, El Paso, Hudspeth, Jeff Davis, Loving, Martin, "
            "Midland, Pecos, Presidio, Reeves, Terrell, Upton, Ward, Winkler"
        ),
        "Dallas": (
            "Anderson, Archer, Armstrong, Bailey, Baylor, Borden, Bowie, Briscoe, Brown, Callahan, Camp, "
            "Carson, Cass, Castro, Cherokee, Childress, Clay, Cochran, Coke, Coleman, Collin, "
            "Collingsworth, Comanche, Concho, Cooke, Cottle, Crockett, Crosby, Dallam, Dallas, Dawson, "
            "Deaf Smith, Delta, Denton, Dickens, Donley, Eastland, Ellis, Erath, Fannin, Fisher, Floyd, "
            "Foard, Franklin, Gaines, Garza, Glasscock, Gray, Grayson, Gregg, Hale, Hall, Hansford, "
            "Hardeman, Harrison, Hartley, Haskell, Hemphill, Henderson, Hockley, Hood, Hopkins, Howard, "
            "Hunt, Hutchinson, Irion, Jack, Johnson, Jones, Kaufman, Kent, King, Knox, Lamar, Lamb, "
            "Lipscomb, Lubbock, Lynn, Marion, Menard, Mills, Mitchell, Montague, Moore, Morris, Motley, "
            "Navarro, Nolan, Ochiltree, Oldham, Palo Pinto, Panola, Parker, Parmer, Potter, Rains, "
            "Randall, Reagan, Red River, Roberts, Rockwall, Runnels, Rusk, Schleicher, Scurry, "
            "Shackelford, Sherman, Smith, Stephens, Sterling, Stonewall, Sutton, Swisher, Tarrant, "
            "Taylor, Terry, Throckmorton, Titus, Tom Green, Upshur, Van Zandt, Wheeler, Wichita, "
            "Wilbarger, Wise, Wood, Yoakum, Young"
        ),
        "San Antonio": (
            "Atascosa, Bandera, Bastrop, Bexar, Blanco, Burnet, Caldwell, Comal, Dimmit, Edwards, Frio, "
            "Gillespie, Gonzales, Guadalupe, Hays, Karnes, Kendall, Kerr, Kimble, Kinney, La Salle, "
            "Lampasas, Llano, Mason, Maverick, McCulloch, McMullen, Medina, Real, San Saba, Travis, "
            "Uvalde, Val Verde, Williamson, Wilson, Zavala"
        ),
    },
}

#: What stands after a county's name, with two slips of the pen seen on real lists.
_COUNTY_WORD = re.compile(
    r"\s+(county|countey|conty|co\.?|parish|borough|census area|municipality|district)\s*$", re.IGNORECASE
)


def county_key(county: str) -> str:
    """A county's name reduced for comparing: "DeWitt County", "De Witt" and "dewitt" are the same.

    Only the word after the name may be misspelt, never the name: "Fall County" is not Falls County.
    """
    bare = _COUNTY_WORD.sub("", county.strip())
    return "".join(letter for letter in bare.casefold() if letter.isalnum())


_BY_COUNTY: Final[Mapping[tuple[str, str], str]] = {
    (state, county_key(county)): office
    for state, offices in SPLIT_STATES.items()
    for office, counties in offices.items()
    for county in counties.split(", ")
}


def is_split(state: str) -> bool:
    """Whether the state lies in several areas, so that the county decides."""
    return state_name(state) in SPLIT_STATES


def office_for(state: str, county: str | None) -> str | None:
    """The name of the office whose area this is; none where a needed county is missing or unknown."""
    known = state_name(state)
    if known is None:
        return None
    if known in SPLIT_STATES:
        return _BY_COUNTY.get((known, county_key(county))) if county else None
    return WHOLE_STATES.get(known)
