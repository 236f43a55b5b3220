import { use, useId, useRef, useState } from 'react'
import { FieldErrors } from '../parts/form.tsx'
import { t } from '../texts/catalogue.ts'
import { Avatar } from './avatar.tsx'
import { shrinkPicture } from './shrink-picture.ts'

interface PictureFieldProps {
  name: string
  /** The present picture's URL; null if there is none. */
  picture: string | null
}

/** The profile picture, with a button to choose another one from this device. The form sends it as a URL. */
export function PictureField({ name, picture }: PictureFieldProps) {
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState(picture)
  const [isUnreadable, setUnreadable] = useState(false)
  const words = t.account.aboutYou
  const refused = use(FieldErrors)[name]
  const problem = isUnreadable ? words.pictureUnreadable : refused && `${words.picture} ${refused}.`

  const take = async (input: HTMLInputElement) => {
    const [first] = input.files ?? []
    input.value = '' // so that the same file can be chosen again
    if (!first) return
    const small = await shrinkPicture(first)
    setUnreadable(small === null)
    if (small !== null) setChosen(small)
  }

  return (
    <div className="field">
      <label htmlFor={id}>{words.picture}</label>
      <div className="picture">
        {chosen ? <Avatar url={chosen} /> : <span className="avatar avatar-none" aria-hidden="true" />}
        <button
          type="button"
          className="button button-quiet"
          aria-describedby={`${id}-hint`}
          onClick={() => file.current?.click()}
        >
          {chosen ? words.pictureOther : words.pictureChoose}
        </button>
        {chosen && (
          <button
            type="button"
            className="button button-quiet"
            onClick={() => {
              setChosen(null)
              setUnreadable(false)
            }}
          >
            {words.pictureRemove}
          </button>
        )}
      </div>
      <input
        id={id}
        ref={file}
        type="file"
        accept="image/*"
        hidden
        onChange={({ currentTarget }) => void take(currentTarget)}
      />
      <input type="hidden" name={name} value={chosen ?? ''} />
      <p id={`${id}-hint`} className="field-hint">
        {words.pictureHint}
      </p>
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
