import { beginRunsPage } from "./app/head-start";

beginRunsPage(location.hash);
void import("./start");
