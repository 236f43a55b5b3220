import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { BusyButton } from '../../parts/busy-button.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Page } from '../../parts/page.tsx'
import { t } from '../texts/catalogue.ts'
import { CsvButton } from './csv-button.tsx'
import { FilterBar } from './filter-bar.tsx'
import type { Filters } from './filters.ts'
import { SavedViews } from './saved-views.tsx'
import { useRowKeys } from './use-row-keys.ts'

/** How many rows a list loads at a time. */
export const PAGE_SIZE = 50
const SKELETON_ROWS = 8

export interface Column<Item> {
  title: string
  /** The title is only for screen readers: the cells are buttons. */
  isTitleHidden?: boolean
  cell: (item: Item) => ReactNode
  /** Numbers and amounts align at the end. */
  align?: 'end'
}

interface ListPageProps<Item> {
  title: string
  lead?: ReactNode
  /** A link to where the list belongs. */
  above?: ReactNode
  /** What there is to say about all rows. */
  summary?: ReactNode
  /** Names the list for saved views, and for its CSV below `/admin/export/`. */
  name: string
  filters: Filters
  list: UseInfiniteQueryResult<Item[], unknown>
  /** The first column links to the row's page. */
  columns: readonly Column<Item>[]
  keyOf: (item: Item) => string
  /** Null: the row has no page of its own. */
  pathOf?: (item: Item) => string | null
  /** Said when the list has no rows at all. */
  empty: string
  /** Whether the API exports the list as CSV. */
  isExported?: boolean
  /** Buttons beside the title. */
  actions?: ReactNode
}

/** A list with filters, saved views, CSV and keys. */
export function ListPage<Item>(props: ListPageProps<Item>) {
  const { title, lead, above, summary, name, filters, list, empty, isExported = false, actions } = props
  const hasFilters = Object.keys(filters.definitions).length > 0
  return (
    <Page title={title} above={above}>
      {lead && <p className="quiet">{lead}</p>}
      {summary}
      <div className="list-tools">
        {hasFilters && <FilterBar filters={filters} />}
        <div className="list-actions">
          {actions}
          {hasFilters && <SavedViews list={name} />}
          {isExported && <CsvButton list={name} filters={filters} />}
        </div>
      </div>
      {list.isError && list.data === undefined ? (
        <LoadFailure error={list.error} retry={() => void list.refetch()} isTyped={filters.isFiltered} />
      ) : list.data?.length === 0 ? (
        <p className="empty" role="status">
          {filters.isFiltered ? t.kit.noMatches : empty}
        </p>
      ) : (
        <DataTable {...props} caption={title} items={list.data} />
      )}
      {list.data !== undefined && list.data.length > 0 && <More list={list} />}
    </Page>
  )
}

interface DataTableProps<Item> {
  caption: string
  columns: readonly Column<Item>[]
  /** Undefined while they load. */
  items: readonly Item[] | undefined
  keyOf: (item: Item) => string
  pathOf?: (item: Item) => string | null
}

/** A table that becomes a list of cards in a narrow window. `j` and `k` move between its rows. */
export function DataTable<Item>({ caption, columns, items, keyOf, pathOf = () => null }: DataTableProps<Item>) {
  const body = useRowKeys()
  return (
    <div className="table-frame">
      <table className="table" aria-busy={items === undefined}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isTitleHidden, align }) => (
              <th key={title} scope="col" data-align={align}>
                {isTitleHidden ? <span className="visually-hidden">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {items?.map((item) => <Row key={keyOf(item)} item={item} columns={columns} path={pathOf(item)} />) ?? (
            <SkeletonRows columns={columns.length} />
          )}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps<Item> {
  item: Item
  columns: readonly Column<Item>[]
  path: string | null
}

function Row<Item>({ item, columns, path }: RowProps<Item>) {
  return (
    <tr tabIndex={path === null ? -1 : undefined} data-row>
      {columns.map(({ title, isTitleHidden, cell, align }, index) => (
        <td key={title} data-label={isTitleHidden ? '' : title} data-align={align}>
          {index === 0 && path !== null ? <Link to={path}>{cell(item)}</Link> : cell(item)}
        </td>
      ))}
    </tr>
  )
}

function SkeletonRows({ columns }: { columns: number }) {
  return Array.from({ length: SKELETON_ROWS }, (_, row) => (
    <tr key={row} aria-hidden="true">
      {Array.from({ length: columns }, (_cell, column) => (
        <td key={column}>
          <span className="skeleton-line">&nbsp;</span>
        </td>
      ))}
    </tr>
  ))
}

function More<Item>({ list }: { list: UseInfiniteQueryResult<Item[], unknown> }) {
  return (
    <p className="list-end">
      <span className="quiet" role="status">
        {t.kit.shown(list.data?.length ?? 0)}
      </span>
      {list.hasNextPage && (
        <BusyButton quiet busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t.kit.showMore}
        </BusyButton>
      )}
      {list.isFetchNextPageError && <LoadFailure error={list.error} retry={() => void list.fetchNextPage()} />}
    </p>
  )
}
