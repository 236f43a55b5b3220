import type { ReactNode } from 'react'

/** With prerendered pages, caches could share the cookies that proxy.ts sets for one visitor. */
export const dynamic = 'force-dynamic'

export const metadata = { title: 'Tollgate and Next.js' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
