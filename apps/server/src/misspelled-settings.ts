/** A variable that is no setting, but is spelled like one that is not set. */
export interface Misspelling {
  readonly name: string
  readonly meant: string
}

/** Short names resemble too many others: HOME is no misspelled HOST. */
const SHORTEST = 6
/** Names of this length may differ in two places, shorter ones in one. */
const LONG = 10

/** Finds variables that are probably misspelled settings. Settings that are set and empty variables count as unrelated. */
export function misspelledSettings(
  env: Readonly<Record<string, string | undefined>>,
  settings: readonly string[],
): Misspelling[] {
  const isSet = (name: string) => env[name] !== undefined && env[name] !== ''
  const missing = settings.filter((name) => name.length >= SHORTEST && !isSet(name))
  const unknown = Object.keys(env).filter((name) => isSet(name) && !settings.includes(name))
  return unknown.flatMap((name) => {
    const meant = missing.find((setting) => differInAtMost(setting.length >= LONG ? 2 : 1, name, setting))
    return meant === undefined ? [] : [{ name, meant }]
  })
}

export const describeMisspelling = ({ name, meant }: Misspelling): string =>
  `${name} is not a setting; did you mean ${meant}?`

/** Whether at most `most` insertions, deletions and replacements turn one text into the other. */
function differInAtMost(most: number, a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > most) return false
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return (row.at(-1) ?? 0) <= most
}
