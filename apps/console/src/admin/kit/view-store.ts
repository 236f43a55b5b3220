export interface View {
  name: string
  /** The query of its URL, with the question mark. */
  query: string
}

interface ViewStore {
  /** The same array until something changes. */
  read: () => readonly View[]
  save: (view: View) => void
  remove: (name: string) => void
  watch: (listener: () => void) => () => void
}

const NONE: readonly View[] = []
const stores = new Map<string, ViewStore>()

/** The saved views of a list. They are kept in this browser, and other tabs see changes at once. */
export function viewsOf(list: string): ViewStore {
  const known = stores.get(list)
  if (known) return known
  const store = createStore(`tollgate.views.${list}`)
  stores.set(list, store)
  return store
}

function createStore(key: string): ViewStore {
  let text: string | null = null
  let views = NONE
  const listeners = new Set<() => void>()

  const read = () => {
    const now = localStorage.getItem(key)
    if (now !== text) {
      text = now
      views = parse(now)
    }
    return views
  }
  const write = (next: readonly View[]) => {
    localStorage.setItem(key, JSON.stringify(next))
    for (const listener of listeners) listener()
  }
  return {
    read,
    save: (view) => write([...read().filter(({ name }) => name !== view.name), view]),
    remove: (name) => write(read().filter((view) => view.name !== name)),
    watch(listener) {
      listeners.add(listener)
      window.addEventListener('storage', listener)
      return () => {
        listeners.delete(listener)
        window.removeEventListener('storage', listener)
      }
    },
  }
}

/** What another version or a person wrote may be anything. */
function parse(text: string | null): readonly View[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(parsed) ? parsed.filter(isView) : NONE
  } catch {
    return NONE
  }
}

function isView(value: unknown): value is View {
  if (typeof value !== 'object' || value === null) return false
  return 'name' in value && typeof value.name === 'string' && 'query' in value && typeof value.query === 'string'
}
