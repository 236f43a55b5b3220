import { useState } from 'react'

/** A profile picture. Renders nothing if the image can't be loaded. */
export function Avatar({ url }: { url: string }) {
  const [broken, setBroken] = useState<string | null>(null)
  if (broken === url) return null
  return <img className="avatar" src={url} alt="" referrerPolicy="no-referrer" onError={() => setBroken(url)} />
}
