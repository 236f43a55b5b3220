/** The ranges of the first three digits of ZIP codes, by state. */
const RANGES =
  'AK995-999 AL350-369 AR716-729 AZ850-865 CA900-961 CO800-816 CT060-069 DC200-205 DE197-199 FL320-349 GA300-319 ' +
  'GA398-399 HI967-968 IA500-528 ID832-838 IL600-629 IN460-479 KS660-679 KY400-427 LA700-714 MA010-027 MD206-219 ' +
  'ME039-049 MI480-499 MN550-567 MO630-658 MS386-397 MT590-599 NC270-289 ND580-588 NE680-693 NH030-038 NJ070-089 ' +
  'NM870-884 NV889-898 NY100-149 OH430-458 OK730-749 OR970-979 PA150-196 RI028-029 SC290-299 SD570-577 TN370-385 ' +
  'TX750-799 UT840-847 VA201-201 VA220-246 VT050-059 WA980-994 WI530-549 WV247-268 WY820-831'

/** The state that a ZIP code is in; null if it is in none. */
export function stateOfZip(zip: string): string | null {
  const prefix = /^(\d{3})\d{2}(?:-\d{4})?$/.exec(zip.trim())?.[1]
  if (prefix === undefined) return null
  const range = RANGES.split(' ').find((each) => prefix >= each.slice(2, 5) && prefix <= each.slice(6))
  return range?.slice(0, 2) ?? null
}
