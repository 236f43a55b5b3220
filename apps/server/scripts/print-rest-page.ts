import { leftOut } from '../src/rest/left-out.ts'
import { operations } from '../src/rest/operations.ts'
import { restPage } from '../src/rest/rest-table.ts'
import { serviceOperations } from '../src/rest/service-operations.ts'

// Prints docs/contract/rest-table.md, for scripts/generate-client-api.ts.
process.stdout.write(restPage({ operations: [...operations, ...serviceOperations], leftOut }))
