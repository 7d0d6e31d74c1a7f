"""A regression of scikit-learn, its hyperparameters and its errors."""

import mlflow
import numpy as np
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

random = np.random.default_rng(40)
features = random.normal(size=(200, 4))
labels = features @ np.array([1.0, -2.0, 0.0, 0.5]) + random.normal(scale=0.1, size=200)
train_x, test_x, train_y, test_y = train_test_split(features, labels, random_state=0)

mlflow.set_experiment("wine quality")
for alpha, l1_ratio in ((0.5, 0.5), (0.1, 0.9)):
    with mlflow.start_run(run_name=f"elastic {alpha}"):
        model = ElasticNet(alpha=alpha, l1_ratio=l1_ratio, random_state=42).fit(train_x, train_y)
        predicted = model.predict(test_x)
        mlflow.log_param("alpha", alpha)
        mlflow.log_param("l1_ratio", l1_ratio)
        mlflow.log_metric("rmse", np.sqrt(mean_squared_error(test_y, predicted)))
        mlflow.log_metric("r2", r2_score(test_y, predicted))
        mlflow.log_metric("mae", mean_absolute_error(test_y, predicted))
