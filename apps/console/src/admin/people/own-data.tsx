import { api } from '../../api.ts'
import { TextArea } from '../../parts/text-area.tsx'
import { ActProblem } from '../kit/act-problem.ts'
import { ActOn, type ReadField } from '../kit/act.tsx'
import { Section } from '../kit/detail.tsx'
import { differences } from '../kit/stale.tsx'
import { t } from '../texts/catalogue.ts'
import { dataChanges, type Fields } from './own-data-changes.ts'
import './own-data.css'

const words = t.ownData
/** Maximum characters of a new value in the list of consequences. */
const MOST_SHOWN = 200

interface Data {
  publicData: Fields
  privateData: Fields
  /** The names that the configuration has. */
  ownFields: { publicData: readonly string[]; privateData: readonly string[] }
  dataRevision: string
}

interface OwnDataProps {
  of: 'user' | 'account'
  id: string
  data: Data
}

/** The fields that the configuration of this server adds to a person or an account. Nothing if there are none. */
export function OwnData({ of, id, data }: OwnDataProps) {
  const { publicData, privateData, ownFields } = data
  const known = [
    ...ownFields.publicData,
    ...ownFields.privateData,
    ...Object.keys(publicData),
    ...Object.keys(privateData),
  ]
  if (known.length === 0) return null
  return (
    <Section title={words.title} aside={<EditAct of={of} id={id} data={data} />}>
      <div className="own-data">
        <Fields title={words.public} hint={of === 'user' ? words.publicOfUser : words.publicHint} fields={publicData} />
        <Fields title={words.private} hint={words.privateHint} fields={privateData} />
      </div>
    </Section>
  )
}

function Fields({ title, hint, fields }: { title: string; hint: string; fields: Fields }) {
  return (
    <div className="own-data-part">
      <h3>{title}</h3>
      <p className="quiet">{hint}</p>
      {Object.keys(fields).length === 0 ? <p>{words.none}</p> : <pre className="own-data-json">{asText(fields)}</pre>}
    </div>
  )
}

function EditAct({ of, id, data }: OwnDataProps) {
  const people = of === 'user' ? api.admin.users : api.admin.accounts
  const changesIn = (read: ReadField, seen: Data) => ({
    publicData: dataChanges(seen.publicData, readFields(read, 'publicData', words.public)),
    privateData: dataChanges(seen.privateData, readFields(read, 'privateData', words.private)),
  })
  return (
    <ActOn
      seen={data}
      news={{
        latest: () => people.get.query({ id }),
        changes: (seen, now) => differences(textsOf(seen), textsOf(now)),
      }}
      open={words.edit}
      title={words.editTitle}
      confirm={words.confirm}
      done={words.done}
      consequences={(read, seen) => {
        const { publicData, privateData } = changesIn(read, seen)
        const effects = [...effectsOf(words.public, publicData), ...effectsOf(words.private, privateData)]
        return effects.length > 0 ? [...effects, words.others] : [words.nothing]
      }}
      run={(read, seen) => people.setData.mutate({ id, revision: seen.dataRevision, ...changesIn(read, seen) })}
    >
      {(seen) => (
        <>
          <TextArea
            name="publicData"
            label={words.public}
            hint={words.hint(seen.ownFields.publicData)}
            rows={6}
            spellCheck={false}
            className="own-data-json"
            defaultValue={asText(seen.publicData)}
          />
          <TextArea
            name="privateData"
            label={words.private}
            hint={words.hint(seen.ownFields.privateData)}
            rows={6}
            spellCheck={false}
            className="own-data-json"
            defaultValue={asText(seen.privateData)}
          />
        </>
      )}
    </ActOn>
  )
}

const textsOf = ({ publicData, privateData }: Data): (readonly [string, string])[] =>
  (
    [
      [words.public, publicData],
      [words.private, privateData],
    ] as const
  ).flatMap(([part, fields]) =>
    Object.entries(fields).map(([field, value]) => [`${part}: ${field}`, beginningOf(JSON.stringify(value))] as const),
  )

const asText = (value: unknown): string => JSON.stringify(value, null, 2)

const effectsOf = (part: string, changes: Fields): string[] =>
  Object.entries(changes).map(([field, value]) =>
    value === null ? words.removes(part, field) : words.sets(part, field, beginningOf(JSON.stringify(value))),
  )

const beginningOf = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text)

/** @throws {ActProblem} for a text that is no JSON object. An empty one is an empty object. */
function readFields(read: ReadField, field: string, label: string): Fields {
  const written = read(field).trim()
  if (written === '') return {}
  const value = parsed(written)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ActProblem(words.noObject(label))
  return Object.fromEntries(Object.entries(value))
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return null
  }
}
