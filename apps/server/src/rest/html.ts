const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** HTML that is ready to be shown; everything else is text. */
export interface Html {
  readonly html: string
}

/** Writes HTML: what is put in is escaped, unless it is HTML itself. Lists are joined. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  return { html: parts.reduce((text, part, index) => `${text}${write(values[index - 1])}${part}`, '') }
}

const write = (value: string | number | Html | readonly Html[] | undefined): string => {
  if (value === undefined) return ''
  if (typeof value === 'object') return 'html' in value ? value.html : value.map(write).join('')
  return String(value).replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}
