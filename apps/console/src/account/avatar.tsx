import { useState } from 'react'

/** A profile picture; an empty circle if the image can't be loaded. */
export function Avatar({ url }: { url: string }) {
  const [broken, setBroken] = useState<string | null>(null)
  if (broken === url) return <span className="avatar avatar-none" aria-hidden="true" />
  return <img className="avatar" src={url} alt="" referrerPolicy="no-referrer" onError={() => setBroken(url)} />
}
