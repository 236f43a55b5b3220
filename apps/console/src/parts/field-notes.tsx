interface FieldNotesProps {
  /** The id of the field. */
  id: string
  label: string
  hint?: string | undefined
  problem: string | undefined
}

/** What stands below a field: what to enter, and what is wrong with it. */
export function FieldNotes({ id, label, hint, problem }: FieldNotesProps) {
  return (
    <>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="field-problem" role="alert">
          {sentence(label, problem)}
        </p>
      )}
    </>
  )
}

/** The notes of a field, for its `aria-describedby`. */
export const notesOf = ({ id, hint, problem }: Omit<FieldNotesProps, 'label'>): string | undefined =>
  [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined

/** The backend sends `must be at least 8 characters long`, which needs the label. Full sentences stay as they are. */
function sentence(label: string, problem: string): string {
  const isSentence = /^\p{Lu}/u.test(problem)
  return isSentence ? problem : `${label} ${problem}.`
}
