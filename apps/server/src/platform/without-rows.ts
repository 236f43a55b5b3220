/**
 * An error's message or stack without rows of the database: PostgreSQL's detail (`Failing row contains (…)`,
 * `Key (email)=(…)`), and the entity that the ORM prints.
 */
export function withoutRows(text: string): string {
  return text
    .replaceAll(/\n? ?-? ?detail: .*(?=\n|$)/g, '')
    .replaceAll(/(Failing row contains|Key \([^)]*\)=) ?\(.*?\)(?=[.\n]|$| (?:already|is))/g, '$1 (…)')
    .replaceAll(/\nentity: [\s\S]*?(?=\n {4}at |$)/g, '')
}
