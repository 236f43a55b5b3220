import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { ReadField } from './act.tsx'

/** The name of the hidden field with the number of rows. */
const rowsField = (name: string) => `${name}.rows`

/** Names a field of one row by its place, as the API does: `prices.2.currency`. */
const inRow = (name: string, place: number, field: string): string => `${name}.${place}.${field}`

/** Reads a field of each row, in their order. */
export const readRows = (read: ReadField, name: string): ReadField[] =>
  Array.from({ length: Number(read(rowsField(name))) }, (_, place) => (field) => read(inRow(name, place, field)))

interface FieldRowsProps<Value> {
  /** Begins the name of every field: `prices.2.currency`. */
  name: string
  values: readonly Value[]
  /** Names a row for screen readers, by its place. */
  legend: (place: number) => string
  add: string
  remove: string
  /** The fields of a row. `null` for one that was just added. */
  fields: (value: Value | null, nameOf: (field: string) => string) => ReactNode
}

/** Rows of fields in a form. An operator can add and remove rows. */
export function FieldRows<Value>({ name, values, legend, add, remove, fields }: FieldRowsProps<Value>) {
  const [rows, setRows] = useState(() => values.map((value, row) => ({ row, value: value as Value | null })))
  const list = useRef<HTMLInputElement>(null)
  const next = useRef(values.length)
  const present = rows.map(({ row }) => row).join(' ')
  const seen = useRef(present)
  useEffect(() => {
    if (seen.current === present) return
    seen.current = present
    // The form looks at its fields again, as after typing.
    list.current?.dispatchEvent(new Event('input', { bubbles: true }))
  }, [present])
  return (
    <div className="field-rows">
      <input ref={list} type="hidden" name={rowsField(name)} value={rows.length} readOnly />
      {rows.map(({ row, value }, place) => (
        <fieldset key={row} className="field-row">
          <legend>{legend(place + 1)}</legend>
          {fields(value, (field) => inRow(name, place, field))}
          <button
            type="button"
            className="button button-quiet button-small"
            onClick={() => setRows(rows.filter((other) => other.row !== row))}
          >
            {remove}
            <span className="visually-hidden"> {legend(place + 1)}</span>
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        className="button button-quiet button-small"
        onClick={() => setRows([...rows, { row: next.current++, value: null }])}
      >
        {add}
      </button>
    </div>
  )
}
