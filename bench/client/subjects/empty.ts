import { measure } from '../measure';

void measure(async () => {});
