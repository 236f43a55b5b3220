import { Support } from '../parts/support.tsx'
import { settings } from '../settings.ts'

/** Who this is, and where to write to. */
export function Footer() {
  return (
    <footer className="footer quiet">
      <p>{settings.brand.name}</p>
      <Support />
    </footer>
  )
}
