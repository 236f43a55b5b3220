const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** HTML that is safe to show. Everything else is text. */
export interface Html {
  readonly html: string
}

/** Writes HTML. Inserted values are escaped, unless they are HTML. Lists are joined. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  return { html: parts.reduce((text, part, index) => `${text}${write(values[index - 1])}${part}`, '') }
}

const write = (value: string | number | Html | readonly Html[] | undefined): string => {
  if (value === undefined) return ''
  if (typeof value === 'object') return 'html' in value ? value.html : value.map(write).join('')
  return String(value).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
