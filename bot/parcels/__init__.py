"""A place as one file that another installation adopts: its content, what it rests on, and its services in HSDS.

Never in it: accounts, reports, slips, demand, or where a hidden door is.
"""

from bot.parcels.adopting import Adopter, Found
from bot.parcels.exporting import export_place
from bot.parcels.zipped import ParcelError

__all__ = ["Adopter", "Found", "ParcelError", "export_place"]
