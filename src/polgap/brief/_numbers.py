"""Numbers, months and money as a reader of one language writes them."""

from __future__ import annotations

from math import floor, isfinite, log10

from polgap import catalogue
from polgap.domain import month_number

NO_BREAK = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
UNKNOWN = "–"

_MONEY = {1e9: "billion", 1e6: "million"}


class Numbers:
    """Write numbers in one language.

    Headline numbers are rounded to what their interval can bear: below ten to one, below a
    thousand to two significant digits, above to three.

    Parameters
    ----------
    language : str
        ``en`` or ``fr``.

    Examples
    --------
    >>> Numbers("en").officers(1234.4), Numbers("fr").officers(12345).replace(NARROW, "_")
    ('1,230', '12_300')
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._french = language == "fr"

    def decimal(self, value: float, decimals: int = 0) -> str:
        """Return a number with a fixed count of decimals.

        Examples
        --------
        >>> Numbers("en").decimal(-1234.56, 1)
        '−1,234.6'
        """
        text = f"{abs(value):,.{decimals}f}"
        if self._french:
            text = text.translate({ord(","): NARROW, ord("."): ","})
        negative = value < 0 and any(c in "123456789" for c in text)
        return (MINUS if negative else "") + text

    def significant(self, value: float, digits: int = 3) -> str:
        """Return a number with so many significant digits and no idle zeros.

        Examples
        --------
        >>> Numbers("en").significant(0.02500), Numbers("en").significant(2778000)
        ('0.025', '2,780,000')
        """
        if value == 0:
            return self.decimal(0)
        place = digits - 1 - floor(log10(abs(value)))
        rounded = round(value, place)
        decimals = max(0, place)
        while decimals and round(rounded, decimals - 1) == rounded:
            decimals -= 1
        return self.decimal(rounded, decimals)

    def officers(self, value: float) -> str:
        """Return a count of officers, people or officer-months, rounded for a headline.

        Examples
        --------
        >>> [Numbers("en").officers(v) for v in (0.3, 7.2, 47.3, 468.0, 98765.0)]
        ['<1', '7', '47', '470', '98,800']
        """
        size = abs(value)
        if 0 < size < 0.5:
            return "<1" if value > 0 else f"{MINUS}<1"
        if size < 10:
            return self.decimal(float(round(value)))
        digits = 2 if size < 1000 else 3
        return self.decimal(round(value, digits - 1 - floor(log10(size))))

    def share(self, value: float) -> str:
        """Return a share as a percentage; what is nearly none or all is not written as such.

        Examples
        --------
        >>> Numbers("en").share(0.454), Numbers("en").share(0.002), len(Numbers("fr").share(0.454))
        ('45%', '<1%', 4)
        """
        sign = NO_BREAK + "%" if self._french else "%"
        if 0 < value < 0.005:
            return "<1" + sign
        if 0.995 < value < 1:
            return ">99" + sign
        return self.decimal(float(round(100 * value))) + sign

    def money(self, usd: float) -> str:
        """Return US dollars with three significant digits, in words above a million.

        Examples
        --------
        >>> Numbers("en").money(45.21e6).replace(NO_BREAK, " ")
        'USD 45.2 million'
        """
        return self.worded(usd, self.significant(usd / _unit(usd)))

    def worded(self, usd: float, number: str) -> str:
        """Return a number or range already written, in the units that `usd` calls for."""
        unit = _unit(usd)
        if unit == 1.0:
            return catalogue.message("money.plain", self.language, n=number)
        many = "many" if abs(usd) / unit >= 2 else "one"
        return catalogue.message(f"money.{_MONEY[unit]}.{many}", self.language, n=number)

    def millions(self, usd: float) -> str:
        """Return US dollars in millions, for a column whose head says so."""
        return self.significant(usd / 1e6)

    def month(self, month: str | None) -> str:
        """Return a month such as ``Jan 2021`` or ``janv. 2021``."""
        if not month:
            return UNKNOWN
        number = month_number(month[:7])
        name = catalogue.message(f"month.{number % 12 + 1}", self.language)
        return f"{name}{NO_BREAK}{number // 12}"

    def day(self, time: str) -> str:
        """Return the day of an ISO time, such as ``22 Nov 2026``; other text as it is."""
        try:
            return f"{int(time[8:10])}{NO_BREAK}{self.month(time[:7])}"
        except ValueError:
            return time

    def interval(self, low: float, mid: float, high: float, units: str) -> str:
        """Return the ends of an interval, written once with the sign or word they share.

        Examples
        --------
        >>> Numbers("en").interval(0.25, 0.3, 0.36, "share"), Numbers("en").interval(
        ...     7.1e7, 8.7e7, 1.02e8, "USD")
        ('25–36%', '71–102')
        """
        if units == "USD":
            unit = _unit(mid)
            return self.span(self.significant(low / unit), self.significant(high / unit))
        first, last = self.show(low, units), self.show(high, units)
        percent = NO_BREAK + "%" if self._french else "%"
        if units.startswith("share") and low >= 0 and first != last:
            return f"{first.removesuffix(percent)}–{last}"
        return self.span(first, last)

    def span(self, low: str, high: str) -> str:
        """Return a range of two written numbers, with words where a dash would mislead."""
        if low == high:
            return low
        if MINUS in low + high:
            return catalogue.message("range.words", self.language, low=low, high=high)
        return f"{low}–{high}"

    def signed(self, text: str) -> str:
        """Return a written number with its sign, whatever it is."""
        return text if text.startswith(MINUS) or text == "0" else f"+{text}"

    def show(self, value: float | None, units: str) -> str:
        """Return a number the way its units ask for.

        Examples
        --------
        >>> n = Numbers("en")
        >>> n.show(0.5, "share of futures"), n.show(0.456, "0 to 1"), n.show(None, "deaths")
        ('50%', '0.46', '–')
        """
        if value is None or not isfinite(value):
            return UNKNOWN
        if units.startswith("share"):
            return self.share(value)
        if units == "USD":
            return self.money(value)
        if units == "USD million":
            return self.millions(value)
        if units == "0 to 1" or units == "ratio":
            return self.decimal(value, 2)
        if units in ("count", "units", "days"):
            return self.decimal(value)
        if units.startswith(("officer", "death", "event", "area-month", "person")):
            return self.officers(value)
        return self.significant(value)


def _unit(usd: float) -> float:
    """Return the unit that dollars are written in: a billion, a million or one."""
    return next((u for u in _MONEY if abs(usd) >= u * 0.9995), 1.0)
