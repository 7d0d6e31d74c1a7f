import { getRouteApi, Link } from "@tanstack/react-router";

import { SearchInput } from "@/components/search-input";
import { ModelsList } from "@/features/models/components/models-list";

import { usePageTitle } from "../page-title";
import classes from "./page.module.css";

const route = getRouteApi("/models");

export function ModelsPage() {
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  usePageTitle("Models");

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <h1 className={classes.title}>Models</h1>
        <SearchInput
          hasHotkey
          label="Search models"
          placeholder="Name, or tags.team = 'vision'"
          value={q}
          width={260}
          onChange={(text) =>
            void navigate({ search: text === "" ? {} : { q: text }, replace: true })
          }
        />
        <Link to="/webhooks" className={classes.last}>
          Webhooks
        </Link>
      </div>
      <div className={classes.fill}>
        <ModelsList text={q} />
      </div>
    </div>
  );
}
