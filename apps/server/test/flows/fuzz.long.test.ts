import { describeFuzz } from '../fuzz/describe-fuzz.ts'

describeFuzz({ requests: 10_000, seed: Date.now() % 1_000_000 })
