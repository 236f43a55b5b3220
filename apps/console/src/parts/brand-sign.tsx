import { settings } from '../settings.ts'

/** The product's logo, which has its name in it, or else its mark and its name. */
export function BrandSign() {
  const { name, logoUrl } = settings.brand
  if (logoUrl !== null) return <img className="brand-logo" src={logoUrl} alt={name} height="32" />
  return (
    <>
      <img src="/favicon.svg" alt="" width="28" height="28" />
      <span className="brand-name">{name}</span>
    </>
  )
}
