"""Names of the demonstration: counties, towns and people, all made up. No agency of this list exists.

A test compares them with ICE's list of participating agencies where that list is at hand.
"""

from __future__ import annotations

from typing import Final

#: Counties that are on no map of the state they are put into here.
COUNTIES: Final = (
    *("Alderbrook", "Ashgrove", "Bellhaven", "Birchfield", "Bramblewood", "Briarmont", "Cedarholm"),
    *("Cinderford", "Cloverdell", "Copperfen", "Cragmoor", "Crestwater", "Dapplemere", "Dunmarsh"),
    *("Eaglesfold", "Elderfen", "Emberly", "Fairlock", "Falconrest", "Fernhollow", "Foxmantle"),
    *("Gladewick", "Glenharrow", "Goldenfell", "Graymoor", "Greenstead", "Hartsmere", "Hawkshollow"),
    *("Hazelcroft", "Heatherstone", "Highmarch", "Hollowbrook", "Honeyfield", "Ironvale", "Ivorybank"),
    *("Juniperdale", "Kestrelmoor", "Kingsfen", "Larchmoor", "Larkspurre", "Lindenrow", "Loamshire"),
    *("Maplecross", "Marrowfield", "Meadowmere", "Millhallow", "Mistwood", "Mossbridge", "Nettlecombe"),
    *("Northfold", "Oakenshaw", "Orchardgate", "Osierbank", "Otterbourne", "Pebblebrook", "Pinehallow"),
    *("Plumstead", "Quailridge", "Quarrymead", "Ravenscar", "Redfern", "Reedwater", "Rookhollow"),
    *("Rosemoor", "Rushmere", "Sagebank", "Sandhollow", "Sedgewater", "Silverfen", "Sparrowdale"),
    *("Springhallow", "Stonemarch", "Summerfold", "Swallowfield", "Tallowmere", "Tamarind", "Thistledown"),
    *("Thornmarsh", "Timberfell", "Umberwick", "Valemoor", "Vinecroft", "Walnutgate", "Wexmoor"),
    *("Whistlebrook", "Willowmere", "Windlestone", "Winterfold", "Wolfmarsh", "Woodhallow", "Wrenfield"),
    *("Yarrowdale", "Yewbank", "Zephyrdell"),
)

GIVEN: Final = (
    *("Ada", "Amos", "Beth", "Boaz", "Cleo", "Cyrus", "Dora", "Dov", "Edna", "Eli", "Fay", "Felix", "Greta"),
    *("Gus", "Hana", "Hugo", "Ida", "Ivo", "June", "Jonah", "Kira", "Knut", "Lena", "Leon", "Mira", "Moss"),
    *("Nadia", "Noel", "Olga", "Omar", "Petra", "Paul", "Quinn", "Rosa", "Rufus", "Sena", "Silas", "Tess"),
    *("Theo", "Una", "Uri", "Vera", "Viggo", "Wanda", "Wim", "Xenia", "Yara", "Yusuf", "Zelda", "Zane"),
)
FAMILY: Final = (
    *("Amberlin", "Bexwick", "Carrowby", "Dunmere", "Elstrand", "Fennwright", "Garrowby", "Hollins"),
    *("Ingleby", "Jessop", "Kerrigan", "Lorimer", "Marchbank", "Northcote", "Ormsby", "Penhallow"),
    *("Quillfeather", "Ravensworth", "Selwyn", "Thackeray", "Underhill", "Vantress", "Wetherby"),
    *("Yardley", "Zellweg", "Brackenridge", "Colthurst", "Dallimore", "Evershed", "Fairweather"),
)

#: What agencies are called; `{}` is a county of the list.
SHERIFF: Final = "{} County Sheriff's Office"
JAIL: Final = "{} County Detention Center"
POLICE: Final = "{} Police Department"
