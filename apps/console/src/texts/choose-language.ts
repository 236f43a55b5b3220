/**
 * Chooses the first language that the reader wants and that exists. `de-AT` also gets `de`.
 *
 * @param wanted the reader's languages, the best first, as in `navigator.languages`.
 */
export function chooseLanguage<Language extends string>(
  existing: readonly Language[],
  wanted: readonly string[],
  fallback: Language,
): Language {
  for (const tag of wanted) {
    const found = existing.find((each) => each === tag) ?? existing.find((each) => each === tag.split('-')[0])
    if (found) return found
  }
  return fallback
}
