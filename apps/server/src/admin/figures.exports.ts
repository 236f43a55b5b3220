import { formatAmount } from '../platform/money.ts'
import { ListMrrChangesInput, ListTrialsInput, type MrrChangeView } from './figures.schemas.ts'
import { listMrrChanges } from './figures/list-mrr-changes.ts'
import { listTrials } from './figures/list-trials.ts'
import { when } from './lists/cells.ts'
import { defineExport } from './lists/export-list.ts'

const PAGING = { cursor: true, limit: true } as const

const OWNER = ['account', 'account_name', 'email']
const ownerCells = (owner: MrrChangeView['owner']) =>
  owner ? [owner.account.id, owner.account.name, owner.user.email] : ['', '', '']

/** The operators' files about what the overview counts. Days and times are in UTC. */
export const figuresExports = [
  defineExport({
    name: 'mrr-changes',
    filters: ListMrrChangesInput.omit(PAGING),
    header: ['day', ...OWNER, 'kind', 'before', 'after', 'currency'],
    list: listMrrChanges,
    cells: (row) => [
      ...[row.day, ...ownerCells(row.owner), row.kind, formatAmount(row.fromCents, row.currency)],
      ...[formatAmount(row.toCents, row.currency), row.currency.toUpperCase()],
    ],
  }),
  defineExport({
    name: 'trials',
    filters: ListTrialsInput.omit(PAGING),
    header: ['subscription', ...OWNER, 'plan', 'status', 'started', 'ends', 'first_paid_invoice'],
    list: listTrials,
    cells: (row) => [
      ...[row.subscriptionId, ...ownerCells(row.owner), row.planCode, row.status, when(row.trialStart)],
      ...[when(row.trialEnd), when(row.convertedAt)],
    ],
  }),
]
