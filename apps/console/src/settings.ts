/** What differs between installations. The server writes it into the page, so that one build serves them all. */
export interface Settings {
  /** The API's base URL, as browsers see it. */
  apiUrl: string
  brand: {
    name: string
    /** Null: the console's own mark. */
    logoUrl: string | null
    /** Null: there is no address for help. */
    supportEmail: string | null
  }
}

const DEFAULTS: Settings = {
  apiUrl: import.meta.env.VITE_API_URL ?? 'http://127.0.0.1:3000',
  brand: { name: 'Tollgate', logoUrl: null, supportEmail: null },
}

/** Reads `<script type="application/json" id="tollgate-settings">`. What is missing there has its default. */
function readSettings(): Settings {
  const written: unknown = JSON.parse(document.getElementById('tollgate-settings')?.textContent || '{}')
  if (!isRecord(written)) return DEFAULTS
  const brand = isRecord(written['brand']) ? written['brand'] : {}
  return {
    apiUrl: textOr(written['apiUrl'], DEFAULTS.apiUrl),
    brand: {
      name: textOr(brand['name'], DEFAULTS.brand.name),
      logoUrl: textOr(brand['logoUrl'], null),
      supportEmail: textOr(brand['supportEmail'], null),
    },
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const textOr = <Other>(value: unknown, other: Other): string | Other =>
  typeof value === 'string' && value !== '' ? value : other

export const settings: Settings = readSettings()
