import { writeTranscripts } from './transcripts';

/** `npm run docs:transcripts`: after changes that move seeds. */
void writeTranscripts();
