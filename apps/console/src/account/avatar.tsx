import { useState } from 'react'

/** Somebody's picture, or nothing when its address leads to none. */
export function Avatar({ url }: { url: string }) {
  const [broken, setBroken] = useState<string | null>(null)
  if (broken === url) return null
  return <img className="avatar" src={url} alt="" referrerPolicy="no-referrer" onError={() => setBroken(url)} />
}
