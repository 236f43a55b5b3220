import { reasons } from '../src/rest/reasons.ts'

// Prints every reason as JSON, for scripts/generate-client-api.ts.
console.log(JSON.stringify(reasons()))
