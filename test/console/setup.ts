import { configure } from '@testing-library/preact'

// A page that comes when it is opened is compiled then, which takes more than a second where other files are tested beside.
configure({ asyncUtilTimeout: 4_000 })
