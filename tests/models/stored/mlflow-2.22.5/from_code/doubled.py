
import mlflow


class Doubled(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        factor = context.model_config["factor"]
        return [factor * value for value in model_input["x"]]


mlflow.models.set_model(Doubled())
